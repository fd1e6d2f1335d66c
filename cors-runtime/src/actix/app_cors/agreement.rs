//! Decisions for a request that several endpoints may take, or that reached none.

use super::super::apply::Pending;
use super::super::explain;
use super::super::log::{log, warn_of_not_set};
use super::super::request::ActixRequest;
use super::candidate::Candidate;
use super::handlers::Handlers;
use super::sent::Sent;
use crate::core::configured::Moment;
use crate::core::decision::{Decision, Endpoint, Refusal, Request};
use crate::core::response::{Action, Response, action};

/// The response to a preflight for these candidates. If all of them let it through, it grants what
/// all of them grant. Otherwise, the first that refuses responds. `None` if there are no
/// candidates.
pub(super) async fn preflight(
    candidates: &[Candidate],
    request: ActixRequest<'_>,
) -> Option<Response> {
    let mut agreed: Option<Response> = None;
    for candidate in candidates {
        let decision = candidate.decide(&request).await;
        let mut endpoint = candidate.endpoint;
        if candidates.len() > 1 {
            endpoint = endpoint.guarded();
        }
        let action = action(endpoint, decision, &request, explain::is_on());
        log(endpoint, decision, &action, request);
        let Action::Respond(mut response) = action else {
            return None; // a preflight is never run
        };
        if decision.refusal().is_some() {
            return Some(response);
        }
        if let Some(agreed) = agreed {
            response.headers = response.headers.and(agreed.headers);
        }
        agreed = Some(response);
    }
    agreed
}

/// The headers for a response that none of several endpoints made.
#[derive(Debug, Default)]
pub(super) struct Agreed {
    /// The headers that all of them grant. `None` if there are no endpoints.
    pub(super) headers: Option<Pending>,
    /// The first endpoint that refuses, and why.
    pub(super) refused: Option<(Endpoint, Refusal)>,
}

/// The headers that all candidates grant on a response that none of them made.
pub(super) async fn headers(candidates: &[Candidate], sent: &Sent) -> Agreed {
    let mut agreed = Agreed::default();
    for candidate in candidates {
        let (endpoint, decision) = (candidate.endpoint, candidate.decide(sent).await);
        let refusal = decision.refusal().map(|refusal| (endpoint, refusal));
        if let Some((endpoint, refusal)) = refusal
            && sent.is_read_elsewhere
        {
            warn_of_not_set(endpoint, refusal, sent);
        }
        let headers = match action(endpoint, decision, sent, false) {
            Action::Run(headers) => headers,
            Action::Respond(response) => response.headers.for_no_origin(),
        };
        let headers = sent.pending(endpoint, headers);
        agreed.refused = agreed.refused.or(refusal);
        agreed.headers = Some(match agreed.headers {
            Some(agreed) => agreed.and(headers),
            None => headers,
        });
    }
    agreed
}

/// The 403 of the default policy, if it forbids a request that something without a policy of its
/// own may take. Nothing inside decides on such a request, so this decides before it goes inside.
pub(super) async fn forbidden(
    default: Endpoint,
    handlers: &Handlers,
    moment: &Moment,
    path: &str,
    request: ActixRequest<'_>,
) -> Option<Response> {
    // Most requests stop here, before a source is asked or a handler is looked up.
    let Decision::Forbid(_) = default.decide(&request).answered_by(|_, _| false) else {
        return None;
    };
    let decision = default.decide(&request).decided().await;
    let Decision::Forbid(_) = decision else {
        return None;
    };
    let expected = handlers.expect(path, request.method(), moment);
    if !expected.is_in_doubt {
        if !expected.may_be_missed && !handlers.may_lead_away(path) {
            return None; // a handler decides
        }
        // A guard or a normalizer may lead elsewhere, so the request counts as a handler's only if
        // that handler allows it.
        for handler in expected.handlers {
            handler.decide(&request).await.refusal()?;
        }
    }
    let action = action(default, decision, &request, false);
    log(default, decision, &action, request);
    match action {
        Action::Respond(response) => Some(response),
        Action::Run(_) => None,
    }
}
