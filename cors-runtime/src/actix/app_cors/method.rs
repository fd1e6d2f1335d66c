//! Explains a preflight for a method that no handler has.

use actix_web::Error;
use actix_web::body::BoxBody;
use actix_web::dev::{RequestHead, ServiceResponse};

use super::super::apply::respond;
use super::super::log::log;
use super::super::request::ActixRequest;
use crate::core::decision::{Decision, Endpoint, Refusal};
use crate::core::response::{Action, Response, action};

/// The refusal of a preflight by a handler on its path that has other methods.
pub(super) struct OtherMethods {
    endpoint: Endpoint,
    decision: Decision,
    head: RequestHead,
    response: Response,
}

impl OtherMethods {
    /// `None` if no annotated handler is on the path. Of several, one that allows the origin speaks.
    pub(super) async fn new(on_path: Vec<Endpoint>, head: &RequestHead) -> Option<Self> {
        let request = ActixRequest::from(head);
        let mut found = None;
        for endpoint in on_path {
            let decision = endpoint.decide(&request).decided().await;
            let is_method = decision.refusal() == Some(Refusal::MethodNotAllowed);
            if is_method || found.is_none() {
                found = Some((endpoint, decision));
            }
            if is_method {
                break;
            }
        }
        let (endpoint, decision) = found?;
        let Action::Respond(response) = action(endpoint, decision, &request, true) else {
            return None; // a preflight is never run
        };
        Some(Self {
            endpoint,
            decision,
            head: head.clone(),
            response,
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
        log(self.endpoint, self.decision, ActixRequest::from(&self.head));
        let explained = move || respond(&self.response, ActixRequest::from(&self.head));
        match result {
            Ok(res) => Ok(res.into_response(explained())),
            Err(mut error) => {
                error.add_response_mapper(move |_| explained());
                Err(error)
            }
        }
    }
}
