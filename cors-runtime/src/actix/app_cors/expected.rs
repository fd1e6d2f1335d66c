//! What is known of a request before it is routed, and what the policies of its handlers say.

use std::cell::OnceCell;
use std::rc::Rc;
use std::slice;

use actix_web::dev::{RequestHead, ResourceMap, ServiceResponse};
use actix_web::http::header::ACCESS_CONTROL_ALLOW_CREDENTIALS;
use actix_web::{Error, HttpRequest, HttpResponse};

use super::super::endpoint::Endpoint;
use super::super::response::{Grant, Outcome, outcome};
use super::handlers::Handlers;
use super::log;
use super::marks::Asker;
use crate::decision::Decision;

/// What an `AppCors` knows of its app.
#[derive(Debug)]
pub(super) struct Known {
    asker: Asker,
    otherwise: Option<Endpoint>,
    /// Read at the first request: only a request knows the resource map.
    handlers: OnceCell<Handlers>,
}

impl Known {
    pub(super) fn new(asker: Asker, otherwise: Option<Endpoint>) -> Self {
        Self {
            asker,
            otherwise,
            handlers: OnceCell::new(),
        }
    }

    /// Whether what has no policy of its own has one.
    #[inline]
    pub(super) fn has_default(&self) -> bool {
        self.otherwise.is_some()
    }

    /// A request came, so the app is complete.
    #[inline]
    pub(super) fn read(&self, map: &ResourceMap) {
        self.handlers.get_or_init(|| {
            let handlers = Handlers::of_app(map, self.asker);
            log::surface(&handlers, self.otherwise);
            handlers
        });
    }

    /// What would take a request of this method for this path.
    pub(super) fn expect(&self, path: &str, method: &str) -> Expected {
        let default = (self.otherwise).filter(|default| default.methods.contains(&method));
        let found = self
            .handlers
            .get()
            .map_or_else(Default::default, |handlers| {
                let found = handlers.find(path, method);
                if found.endpoints.is_empty() && default.is_some() {
                    handlers.find_hidden(path, method)
                } else {
                    found
                }
            });
        Expected {
            default: default.filter(|_| found.endpoints.is_empty() || found.is_in_doubt),
            is_in_doubt: found.is_in_doubt,
            candidates: found.endpoints,
        }
    }

    /// Whether an unannotated handler took a request.
    fn was_left(&self, req: &HttpRequest) -> bool {
        // Routing to a resource leaves nothing of the path, and routing to a scope what follows it:
        // nothing either, if the path is that of the scope.
        let is_routed = req.match_info().unprocessed().is_empty();
        let is_annotated = |handlers: &Handlers| {
            let resource = req.match_name().map(str::to_owned).zip(req.match_pattern());
            resource
                .is_some_and(|resource| handlers.is_annotated(req.match_info().as_str(), &resource))
        };
        is_routed && !self.handlers.get().is_some_and(is_annotated)
    }

    /// The handlers of a path, whatever their methods.
    pub(super) fn on_path(&self, path: &str) -> Vec<Endpoint> {
        let handlers = self.handlers.get();
        handlers.map_or_else(Vec::new, |handlers| handlers.of_path(path))
    }
}

/// What is known of a request before it is routed.
pub(super) struct Expected {
    /// The annotated handlers that it would reach.
    candidates: Rc<[Endpoint]>,
    /// The default, if an unannotated handler may take the request.
    default: Option<Endpoint>,
    /// Whether an unannotated handler may take the request before the candidates.
    is_in_doubt: bool,
}

impl Expected {
    /// Whether nothing with a policy would take it.
    pub(super) fn is_nothing(&self) -> bool {
        self.candidates.is_empty() && self.default.is_none()
    }

    /// Those that must all let a preflight through. Without a default, an unannotated handler that
    /// may take the request lets nothing through, so it is not for this middleware to respond.
    pub(super) fn for_preflight(&self) -> Vec<Endpoint> {
        if self.is_in_doubt && self.default.is_none() {
            return Vec::new();
        }
        self.candidates
            .iter()
            .copied()
            .chain(self.default)
            .collect()
    }

    /// Those that the request may reach; none if it may reach an unannotated handler as well.
    pub(super) fn for_request(&self) -> &[Endpoint] {
        match &self.default {
            Some(default) => slice::from_ref(default),
            None if self.is_in_doubt => &[],
            None => &self.candidates,
        }
    }

    /// Whether the headers of the expected handler belong on a response, although no annotated
    /// handler was reached: it was made before.
    pub(super) fn covers<B>(
        &self,
        known: &Known,
        response: &Result<ServiceResponse<B>, Error>,
    ) -> bool {
        let Ok(res) = response else {
            return !self.is_in_doubt;
        };
        match (self.default, self.is_in_doubt) {
            // An unannotated handler took it, or it is not known which one would have.
            (Some(_), true) => known.was_left(res.request()),
            (Some(_), false) => true,
            (None, _) => !known.was_left(res.request()),
        }
    }
}

/// Answers a preflight if all handlers that could take its request let it through; the first that
/// does not refuses it. `None` if there is no handler.
///
/// The response grants what all of them do: credentials only if all of them allow these, and for
/// the shortest time.
pub(super) async fn preflight(endpoints: &[Endpoint], head: &RequestHead) -> Option<Outcome> {
    let mut shortest: Option<(u32, HttpResponse)> = None;
    for endpoint in endpoints {
        let decision = endpoint.decide_on(head).await;
        let is_allowed = matches!(decision, Decision::Preflight(Ok(_)));
        let outcome = outcome(*endpoint, decision, head);
        let Outcome::Respond(res) = outcome else {
            return None; // a preflight is never run
        };
        if !is_allowed {
            return Some(Outcome::Respond(res));
        }
        let age = endpoint.policy.max_age().unwrap_or(DEFAULT_MAX_AGE);
        if shortest.as_ref().is_none_or(|(other, _)| age < *other) {
            shortest = Some((age, res));
        }
    }
    let (_, mut res) = shortest?;
    if !(endpoints.iter()).all(|endpoint| endpoint.policy.credentials) {
        res.headers_mut().remove(ACCESS_CONTROL_ALLOW_CREDENTIALS);
    }
    Some(Outcome::Respond(res))
}

/// The seconds that a browser remembers a preflight without `Access-Control-Max-Age`:
/// <https://fetch.spec.whatwg.org/#cors-preflight-fetch-0>
const DEFAULT_MAX_AGE: u32 = 5;

/// Decides on a request that one of these handlers takes.
pub(super) async fn decide(endpoints: &[Endpoint], head: &RequestHead) -> Option<Outcome> {
    let mut agreed = None;
    for endpoint in endpoints {
        let decision = endpoint.decide_on(head).await;
        agreed = Some(agree(agreed, *endpoint, outcome(*endpoint, decision, head)));
    }
    agreed.map(|(_, outcome)| outcome)
}

/// What the response to a request without `Origin` grants. No source is asked.
pub(super) fn grant(endpoints: &[Endpoint], head: &RequestHead) -> Option<Grant> {
    let mut agreed = None;
    for endpoint in endpoints {
        let decision = endpoint.decide(head);
        agreed = Some(agree(agreed, *endpoint, outcome(*endpoint, decision, head)));
    }
    agreed.map(|(endpoint, outcome)| outcome.grant(endpoint))
}

/// It is not for this middleware to respond unless none of the handlers would run. What is granted is
/// what all of them grant.
fn agree(
    agreed: Option<(Endpoint, Outcome)>,
    endpoint: Endpoint,
    other: Outcome,
) -> (Endpoint, Outcome) {
    let Some((first, agreed)) = agreed else {
        return (endpoint, other);
    };
    let both = match (agreed, other) {
        (Outcome::Respond(res), Outcome::Respond(_)) => Outcome::Respond(res),
        (agreed, other) => Outcome::Run(agreed.grant(first).and(other.grant(endpoint))),
    };
    (first, both)
}
