//! Explains a preflight for a method that no handler has.

use actix_web::Error;
use actix_web::body::BoxBody;
use actix_web::dev::{RequestHead, ServiceResponse};

use super::super::endpoint::Endpoint;
use super::super::log::log;
use super::super::response::{Outcome, outcome};
use crate::core::decision::{Decision, Refusal};

/// The refusal of a preflight by a handler on its path that has other methods.
pub(super) struct OtherMethods {
    endpoint: Endpoint,
    decision: Decision,
    head: RequestHead,
}

impl OtherMethods {
    /// `None` if no annotated handler is on the path. Of several, one that allows the origin speaks.
    pub(super) async fn new(on_path: Vec<Endpoint>, head: &RequestHead) -> Option<Self> {
        let mut found = None;
        for endpoint in on_path {
            let decision = endpoint.decide_silently(head.into()).await;
            let is_method = decision.refusal() == Some(Refusal::MethodNotAllowed);
            if is_method || found.is_none() {
                found = Some((endpoint, decision));
            }
            if is_method {
                break;
            }
        }
        let (endpoint, decision) = found?;
        Some(Self {
            endpoint,
            decision,
            head: head.clone(),
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
        log(self.endpoint, &self.decision, (&self.head).into());
        match result {
            Ok(res) => match outcome(self.endpoint, self.decision, &self.head) {
                Outcome::Respond(explained) => Ok(res.into_response(explained)),
                Outcome::Run(_) => Ok(res),
            },
            Err(mut error) => {
                error.add_response_mapper(move |res| {
                    match outcome(self.endpoint, self.decision, &self.head) {
                        Outcome::Respond(explained) => explained,
                        Outcome::Run(_) => res,
                    }
                });
                Err(error)
            }
        }
    }
}
