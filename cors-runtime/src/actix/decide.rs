//! Decides on a request of actix-web, and logs a refusal.

use actix_web::dev::RequestHead;
use actix_web::http::header::ORIGIN;
use cors_rules::Origin;

use super::endpoint::Endpoint;
use super::log::log;
use crate::decision::{Decision, decide, decide_async};
use crate::sources::{self, Source};

impl Endpoint {
    /// Decides at once, unless a source that waits may have to be asked.
    pub(super) async fn decide_on(self, head: &RequestHead) -> Decision {
        if self.may_wait(head) {
            self.decide_async(head).await
        } else {
            self.decide(head)
        }
    }

    /// Whether a source that waits may have to be asked about this request.
    #[inline]
    pub(super) fn may_wait(self, head: &RequestHead) -> bool {
        self.sources().iter().any(Source::waits) && head.headers.contains_key(ORIGIN)
    }

    /// Decides without asking sources that wait.
    pub(super) fn decide(self, head: &RequestHead) -> Decision {
        let decision = decide(self.policy, self.methods, head, |origin, host| {
            sources::ask_direct(self.sources(), origin, host)
        });
        log(self, &decision, head);
        decision
    }

    /// Decides, asking all sources if need be.
    pub(super) async fn decide_async(self, head: &RequestHead) -> Decision {
        let decision = self.decide_silently(head).await;
        log(self, &decision, head);
        decision
    }

    /// Decides, asking all sources if need be, and logs nothing.
    pub(super) async fn decide_silently(self, head: &RequestHead) -> Decision {
        decide_async(
            self.policy,
            self.methods,
            head,
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
