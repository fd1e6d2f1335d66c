//! Explains a preflight for a method that no handler has.

use actix_web::Error;
use actix_web::body::BoxBody;
use actix_web::dev::{RequestHead, ServiceResponse};

use super::super::apply::respond;
use super::super::log::log;
use super::super::request::ActixRequest;
use super::candidate::Candidate;
use crate::core::decision::{Decision, Endpoint, Refusal, preflight_method};
use crate::core::response::{Action, action};

/// The refusal of a preflight by a handler on its path that has other methods.
pub(super) struct OtherMethods {
    endpoint: Endpoint,
    decision: Decision,
    head: RequestHead,
    action: Action,
}

impl OtherMethods {
    /// `None` if no annotated handler is on the path. Of several, one that allows the origin
    /// speaks, and of those, one that has the method in another case.
    pub(super) async fn new(on_path: Vec<Candidate>, head: &RequestHead) -> Option<Self> {
        let request = ActixRequest::from(head);
        let mut found = None;
        for candidate in on_path {
            let (endpoint, decision) = (candidate.endpoint, candidate.decide(&request).await);
            let is_method = decision.refusal() == Some(Refusal::MethodNotAllowed);
            let method = preflight_method(&request).unwrap_or_default();
            let has_it = endpoint.methods.in_another_case(method).is_some();
            let rank = (is_method, has_it);
            if found.is_none_or(|(best, _, _)| best < rank) {
                found = Some((rank, endpoint, decision));
            }
        }
        let (_, endpoint, decision) = found?;
        let action = action(endpoint, decision, &request, true);
        Some(Self {
            endpoint,
            decision,
            head: head.clone(),
            action,
        })
    }

    /// Explains why the preflight failed. The response of a handler without a policy is left alone.
    pub(super) fn explain(
        self,
        result: Result<ServiceResponse<BoxBody>, Error>,
    ) -> Result<ServiceResponse<BoxBody>, Error> {
        if result.as_ref().is_ok_and(|res| res.status().is_success()) {
            return result;
        }
        let request = ActixRequest::from(&self.head);
        log(self.endpoint, self.decision, &self.action, request);
        let Action::Respond(response) = self.action else {
            return result; // a preflight is never run
        };
        let explained = move || respond(&response, ActixRequest::from(&self.head));
        match result {
            Ok(res) => Ok(res.into_response(explained())),
            Err(mut error) => {
                error.add_response_mapper(move |_| explained());
                Err(error)
            }
        }
    }
}
