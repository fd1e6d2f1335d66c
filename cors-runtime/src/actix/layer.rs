//! The layer around a route that has a route attribute.

use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready as poll_ready};

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use pin_project_lite::pin_project;

use super::answer::{Stamp, answer_preflight, forbid};
use super::facts::Judge;
use crate::decision::Decision;
use crate::policy::Policy;

/// The outermost layer of a route: answers its preflights, and puts its policy on every other answer.
#[derive(Debug, Clone, Copy)]
pub struct Cors(pub(crate) Judge);

impl<S, B> Transform<S, ServiceRequest> for Cors
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Transform = CorsService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(CorsService {
            judge: self.0,
            service: Rc::new(service),
        }))
    }
}

/// The service of [`Cors`].
#[derive(Debug)]
pub struct CorsService<S> {
    judge: Judge,
    /// Shared with the requests that wait for a source.
    service: Rc<S>,
}

impl<S, B> Service<ServiceRequest> for CorsService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Future = CorsFuture<S::Future>;

    forward_ready!(service);

    fn call(&self, req: ServiceRequest) -> Self::Future {
        let judge = self.judge;
        if let Some(decision) = judge.at_once(req.head()) {
            return act(judge.policy, decision, &*self.service, req);
        }
        let service = Rc::clone(&self.service);
        let answer = Box::pin(async move {
            let decision = judge.in_time(req.head()).await;
            act(judge.policy, decision, &*service, req).await
        });
        CorsFuture::Wait { answer }
    }
}

fn act<S: Service<ServiceRequest>>(
    policy: &'static Policy,
    decision: Decision,
    service: &S,
    req: ServiceRequest,
) -> CorsFuture<S::Future> {
    let answer = match decision {
        Decision::Run(verdict) => {
            let stamp = Stamp::new(policy, verdict, req.head());
            let answer = service.call(req);
            return CorsFuture::Run { answer, stamp };
        }
        Decision::Forbid(refusal) => forbid(refusal, req.head()),
        Decision::Answer(verdict) => answer_preflight(policy, verdict, req.head()),
    };
    CorsFuture::Answer {
        answer: Some(req.into_response(answer)),
    }
}

/// An answer that is waited for behind a pointer.
type Waiting = Pin<Box<dyn Future<Output = Result<ServiceResponse<BoxBody>, Error>>>>;

pin_project! {
    /// The future of [`CorsService`].
    #[project = CorsFutureProjection]
    pub enum CorsFuture<F> {
        /// The handler runs.
        Run { #[pin] answer: F, stamp: Stamp },
        /// The answer is there already.
        Answer { answer: Option<ServiceResponse<BoxBody>> },
        /// A source is asked first.
        Wait { answer: Waiting },
    }
}

impl<F, B> Future for CorsFuture<F>
where
    F: Future<Output = Result<ServiceResponse<B>, Error>>,
    B: MessageBody + 'static,
{
    type Output = Result<ServiceResponse<BoxBody>, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            CorsFutureProjection::Answer { answer } => match answer.take() {
                Some(answer) => Poll::Ready(Ok(answer)),
                // Polled again after it was ready, which no executor does.
                None => Poll::Pending,
            },
            CorsFutureProjection::Wait { answer } => answer.as_mut().poll(cx),
            CorsFutureProjection::Run { answer, stamp } => match poll_ready!(answer.poll(cx)) {
                Ok(mut res) => {
                    stamp.put_on(res.headers_mut());
                    Poll::Ready(Ok(res.map_into_boxed_body()))
                }
                // An inner middleware gave up: the answer is made of the error further out.
                Err(mut error) => {
                    let stamp = stamp.clone();
                    error.add_response_mapper(move |mut res| {
                        stamp.put_on(res.headers_mut());
                        res
                    });
                    Poll::Ready(Err(error))
                }
            },
        }
    }
}
