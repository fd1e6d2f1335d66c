//! What an `AppCors` and the handlers inside it tell each other of a request.
//!
//! An error comes back without its request, so extensions of the request would be lost. Instead,
//! these are set on the thread while the service or the future of the request runs.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::ptr;
use std::task::{Context, Poll};

use actix_web::dev::{RequestHead, Service, ServiceRequest};
use actix_web::http::header::{HeaderValue, ORIGIN};
use pin_project_lite::pin_project;

use super::super::endpoint::{Endpoint, HandlerName};
use super::super::response::{CorsHeaders, Grant};
use super::log;
use crate::decision::AllowOrigin;
use crate::policy::Policy;

/// What an `AppCors` knows of a request that it passes on.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Passed {
    /// It has no `Origin`. One that a middleware adds counts for nothing: the browser sent none.
    WithoutOrigin,
    /// This policy lets it through.
    DecidedBy(&'static Policy),
    Undecided,
}

/// An annotated handler that was reached.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reached {
    /// One with the policy that the request was decided by.
    Expected,
    /// One that decided by itself.
    Other(Reported),
}

/// What a handler that decided by itself grants, in few bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reported {
    policy: &'static Policy,
    allows: Allows,
    watched: Option<HandlerName>,
}

#[derive(Debug, Clone, Copy)]
enum Allows {
    Nobody,
    Any,
    /// The `Origin` at this address.
    Origin(usize),
}

impl Reported {
    #[inline]
    fn new(grant: Grant, head: &RequestHead) -> Self {
        let allows = match grant.allow_origin {
            Some(AllowOrigin::Any) => Allows::Any,
            Some(AllowOrigin::Exact(_) | AllowOrigin::Echo) => {
                let origin = head.headers.get(ORIGIN).map(address);
                origin.map_or(Allows::Nobody, Allows::Origin)
            }
            None => Allows::Nobody,
        };
        Self {
            policy: grant.policy,
            allows,
            watched: grant.watched,
        }
    }

    /// The headers for the response to a request with this `Origin`. It is allowed only if it is the
    /// very one that was decided on: a middleware may have put another in its place.
    #[inline]
    pub(super) fn headers(self, origin: Option<&HeaderValue>) -> CorsHeaders {
        let (allow_origin, at) = match self.allows {
            Allows::Nobody => (None, None),
            Allows::Any => (Some(AllowOrigin::Any), None),
            Allows::Origin(at) => (Some(AllowOrigin::Echo), Some(at)),
        };
        let grant = Grant {
            policy: self.policy,
            allow_origin,
            watched: self.watched,
        };
        let is_same = |origin: &&HeaderValue| at == Some(address(origin));
        grant.headers(|| origin.filter(is_same).cloned())
    }
}

/// Where a value is. Its clones are there too.
fn address(value: &HeaderValue) -> usize {
    value.as_bytes().as_ptr().addr()
}

/// The request whose service or future is running on this thread.
///
/// All of it is plain data, so nothing has to be dropped when the thread ends.
struct Running {
    /// The address of its head: a handler may call another app, whose requests are not ours.
    request: Cell<usize>,
    passed: Cell<Passed>,
    /// What it has reached since it runs.
    reached: Cell<Option<Reached>>,
}

/// No request has this address.
const NONE: usize = 0;

thread_local! {
    static RUNNING: Running = const {
        Running {
            request: Cell::new(NONE),
            passed: Cell::new(Passed::Undecided),
            reached: Cell::new(None),
        }
    };
}

/// What an `AppCors` around this handler knows of the request, if there is one. It then writes the
/// headers of the response.
#[inline]
pub(crate) fn passed(head: &RequestHead) -> Option<Passed> {
    RUNNING.with(|running| {
        let is_inside = running.request.get() == ptr::from_ref(head).addr();
        is_inside.then(|| running.passed.get())
    })
}

/// Tells the `AppCors` around a handler that it has decided by the policy of that handler.
#[inline]
pub(crate) fn report_expected() {
    reach(Reached::Expected);
}

/// Tells the `AppCors` around a handler that decided by itself what it grants.
#[inline]
pub(crate) fn report(head: &RequestHead, grant: Grant) {
    reach(Reached::Other(Reported::new(grant, head)));
}

#[inline]
fn reach(reached: Reached) {
    RUNNING.with(|running| running.reached.set(Some(reached)));
}

/// [`report`] for a handler that was registered by hand, if an `AppCors` is around it.
pub(crate) fn report_by_hand(head: &RequestHead, endpoint: Endpoint, grant: Grant) {
    if passed(head).is_some() {
        report(head, grant);
        log::is_by_hand(endpoint);
    }
}

/// While this lives, its request is the one that is running.
struct Guard<'a> {
    /// The request that ran before, what was known of it, and what it has reached.
    outer: usize,
    of_outer: Option<(Passed, Option<Reached>)>,
    reached: &'a mut Option<Reached>,
}

impl<'a> Guard<'a> {
    #[inline]
    fn new(request: usize, passed: Passed, reached: &'a mut Option<Reached>) -> Self {
        RUNNING.with(|running| {
            let outer = running.request.replace(request);
            let of_outer = (outer != NONE).then(|| (running.passed.get(), running.reached.take()));
            running.passed.set(passed);
            Self {
                outer,
                of_outer,
                reached,
            }
        })
    }
}

impl Drop for Guard<'_> {
    #[inline]
    fn drop(&mut self) {
        RUNNING.with(|running| {
            if let reached @ Some(_) = running.reached.take() {
                *self.reached = reached;
            }
            running.request.set(self.outer);
            if let Some((passed, reached)) = self.of_outer {
                running.passed.set(passed);
                running.reached.set(reached);
            }
        });
    }
}

pin_project! {
    /// A response to a request that runs inside an `AppCors`.
    #[derive(Debug)]
    pub(super) struct Inside<F> {
        #[pin]
        response: F,
        request: usize,
    }
}

impl<F> Inside<F> {
    /// Passes a request on to a service. Says what it has reached, if anything.
    #[inline]
    pub(super) fn call<S>(
        service: &S,
        req: ServiceRequest,
        passed: Passed,
        reached: &mut Option<Reached>,
    ) -> Self
    where
        S: Service<ServiceRequest, Future = F>,
    {
        let request = ptr::from_ref(req.head()).addr();
        let _guard = Guard::new(request, passed, reached);
        let response = service.call(req);
        Self { response, request }
    }

    /// Polls the response. Says what the request has reached, if anything.
    #[inline]
    pub(super) fn poll(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        passed: Passed,
        reached: &mut Option<Reached>,
    ) -> Poll<F::Output>
    where
        F: Future,
    {
        let this = self.project();
        let _guard = Guard::new(*this.request, passed, reached);
        this.response.poll(cx)
    }
}
