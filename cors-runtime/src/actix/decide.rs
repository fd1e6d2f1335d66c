//! Decides on a request of actix-web, and logs a refusal.

use actix_web::http::header::ORIGIN;
use cors_rules::Origin;

use super::endpoint::Endpoint;
use super::log::log;
use super::request::ActixRequest;
use crate::core::decision::{Decision, decide, decide_async};
use crate::core::sources::{self, Source};

impl Endpoint {
    /// Whether what is inside may not run, if no source allows the origin.
    pub(super) fn may_forbid(self, request: ActixRequest<'_>) -> bool {
        let decision = decide(self.policy, self.methods, &request, |_, _| false);
        matches!(decision, Decision::Forbid(_))
    }

    /// Decides at once, unless a source that waits may have to be asked.
    pub(super) async fn decide_on(self, request: ActixRequest<'_>) -> Decision {
        if self.may_wait(request) {
            self.decide_async(request).await
        } else {
            self.decide(request)
        }
    }

    /// Whether a source that waits may have to be asked about this request.
    #[inline]
    pub(super) fn may_wait(self, request: ActixRequest<'_>) -> bool {
        self.sources().iter().any(Source::waits) && request.head.headers.contains_key(ORIGIN)
    }

    /// Decides without asking sources that wait.
    pub(super) fn decide(self, request: ActixRequest<'_>) -> Decision {
        let decision = decide(self.policy, self.methods, &request, |origin, host| {
            sources::ask_direct(self.sources(), origin, host)
        });
        log(self, &decision, request);
        decision
    }

    /// Decides, asking all sources if need be.
    pub(super) async fn decide_async(self, request: ActixRequest<'_>) -> Decision {
        let decision = self.decide_silently(request).await;
        log(self, &decision, request);
        decision
    }

    /// Decides, asking all sources if need be, and logs nothing.
    pub(super) async fn decide_silently(self, request: ActixRequest<'_>) -> Decision {
        decide_async(
            self.policy,
            self.methods,
            &request,
            async |origin: &Origin<'_>, host: Option<&str>| {
                sources::ask(self.sources(), origin, host).await
            },
        )
        .await
    }

    fn sources(self) -> &'static [Source] {
        self.policy.origins.sources()
    }
}
