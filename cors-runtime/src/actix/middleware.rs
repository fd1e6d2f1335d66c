//! The outermost layer of an annotated resource.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::dev::{
    Extensions, Service, ServiceFactory, ServiceRequest, ServiceResponse, forward_ready,
};
use actix_web::{Error, Route};
use pin_project_lite::pin_project;

use super::app_cors::{Slot, endpoint_of};
use super::apply::{Pending, respond};
use super::explain;
use super::guard::is_guarded;
use super::log::log;
use super::registered::Registered;
use super::request::ActixRequest;
use crate::core::decision::{Decision, Endpoint};
use crate::core::response::{Action, action};

/// A route under its policy.
///
/// Its service responds to the preflights, and adds the CORS headers to every other response.
pub(super) struct RouteUnderPolicy {
    pub(super) registered: Registered,
    pub(super) app_data: Option<Rc<Extensions>>,
    pub(super) route: Route,
}

impl ServiceFactory<ServiceRequest> for RouteUnderPolicy {
    type Response = ServiceResponse;
    type Error = Error;
    type Config = ();
    type Service = CorsService<<Route as ServiceFactory<ServiceRequest>>::Service>;
    type InitError = ();
    type Future = Pin<Box<dyn Future<Output = Result<Self::Service, ()>>>>;

    fn new_service(&self, (): ()) -> Self::Future {
        let (registered, app_data) = (self.registered, self.app_data.clone());
        let service = self.route.new_service(());
        Box::pin(async move {
            Ok(CorsService {
                registered,
                app_data,
                service: Rc::new(service.await?),
            })
        })
    }
}

#[derive(Debug)]
pub(crate) struct CorsService<S> {
    registered: Registered,
    app_data: Option<Rc<Extensions>>,
    /// Shared with requests that wait for a source.
    service: Rc<S>,
}

impl<S> Service<ServiceRequest> for CorsService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse, Error = Error> + 'static,
{
    type Response = ServiceResponse;
    type Error = Error;
    type Future = CorsFuture<S::Future>;

    forward_ready!(service);

    fn call(&self, mut req: ServiceRequest) -> Self::Future {
        let endpoint = endpoint_of(self.registered, req.request());
        if let Some(data) = &self.app_data {
            req.add_data_container(Rc::clone(data));
        }
        let request = ActixRequest::from(&req);
        if let Some(decision) = endpoint.decide(&request).without_waiting() {
            return act(endpoint, decision, &*self.service, req);
        }
        let service = Rc::clone(&self.service);
        let response = Box::pin(async move {
            let request = ActixRequest::from(&req);
            let decision = endpoint.decide(&request).decided().await;
            act(endpoint, decision, &*service, req).await
        });
        CorsFuture::Waiting { response }
    }
}

/// Does what was decided. If an `AppCors` is around, that one applies the headers. It uses this
/// decision, and so does the log; neither makes a second one.
fn act<S: Service<ServiceRequest>>(
    mut endpoint: Endpoint,
    decision: Decision,
    service: &S,
    req: ServiceRequest,
) -> CorsFuture<S::Future> {
    let request = ActixRequest::from(&req);
    if decision.refusal().is_some() && is_guarded(&req) {
        endpoint = endpoint.guarded();
    }
    let action = action(endpoint, decision, &request, explain::is_on());
    log(endpoint, decision, &action, request);
    match action {
        Action::Run(headers) => {
            let headers = Pending::new(endpoint, headers, request);
            let headers = match Slot::of(req.request()) {
                Some(slot) => {
                    slot.leave(headers, req.request());
                    None
                }
                None => Some(headers),
            };
            CorsFuture::Running {
                response: service.call(req),
                headers,
            }
        }
        Action::Respond(response) => {
            let res = respond(&response, request);
            if let Some(slot) = Slot::of(req.request()) {
                let headers = Pending::of_response(endpoint, response.headers, &res);
                slot.leave(headers, req.request());
            }
            CorsFuture::Ready {
                response: Some(req.into_response(res)),
            }
        }
    }
}

type BoxedResponse = Pin<Box<dyn Future<Output = Result<ServiceResponse, Error>>>>;

pin_project! {
    #[project = CorsFutureProjection]
    pub(crate) enum CorsFuture<F> {
        /// The handler runs. Without headers, an `AppCors` applies them.
        Running { #[pin] response: F, headers: Option<Pending> },
        /// The response is known, and the handler does not run.
        Ready { response: Option<ServiceResponse> },
        /// A source is asked first.
        Waiting { response: BoxedResponse },
    }
}

impl<F: Future<Output = Result<ServiceResponse, Error>>> Future for CorsFuture<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            CorsFutureProjection::Ready { response } => match response.take() {
                Some(res) => Poll::Ready(Ok(res)),
                // It has finished. No executor polls it again.
                None => Poll::Pending,
            },
            CorsFutureProjection::Waiting { response } => response.as_mut().poll(cx),
            CorsFutureProjection::Running { response, headers } => {
                let mut poll = response.poll(cx);
                if let (Poll::Ready(response), Some(headers)) = (&mut poll, headers) {
                    headers.write_onto(response);
                }
                poll
            }
        }
    }
}
