//! What the emitted code needs and users do not. Nothing here is covered by semantic versioning.

pub use actix_web::dev::{AppService, HttpServiceFactory};
pub use actix_web::{
    FromRequest, Handler, HttpResponse, Resource, Responder, Route, guard::fn_guard,
};
pub use cors_rules::{Danger, Pattern, pattern::Port};

use crate::actix::{self, Judge};
pub use crate::actix::{by_hand::Request, guard::RouteGuard, layer::Cors};
use crate::origins::{Listed, Origins};
use crate::policy::{AllowHeaders, ExposeHeaders, MaxAge, Policy};
pub use crate::source::Source;
use crate::source::{AnySource, Asked, CredentialSafe};

/// A resource that takes the requests of `methods` and their preflights.
pub fn resource(path: &str, name: &str, methods: &'static [&'static str]) -> Resource {
    Resource::new(path)
        .name(name)
        .guard(RouteGuard::new(methods))
}

/// The layer that applies `policy` to a route of `methods`.
pub const fn layer(policy: &'static Policy, methods: &'static [&'static str]) -> Cors {
    Cors(Judge { policy, methods })
}

/// Calls a handler that was registered by hand.
pub async fn handle<F, Args>(
    policy: &'static Policy,
    methods: &'static [&'static str],
    handler: F,
    request: Request,
) -> HttpResponse
where
    F: Handler<Args>,
    Args: FromRequest,
    F::Output: Responder,
{
    actix::by_hand::handle(Judge { policy, methods }, handler, request).await
}

/// The route of the preflights of a handler that was registered by hand.
pub fn preflight(policy: &'static Policy, methods: &'static [&'static str]) -> Route {
    actix::by_hand::preflight(Judge { policy, methods })
}

/// A source for a policy without credentials.
pub fn source<T: AnySource<K>, K>(source: &'static T) -> Asked {
    source.ask()
}

/// A source for a policy with credentials.
pub fn credentialed_source<T: AnySource<K> + CredentialSafe, K>(source: &'static T) -> Asked {
    source.ask()
}

/// Whether a handler that takes JSON can be called.
pub const fn allows_content_type(policy: &Policy) -> bool {
    policy.allow_headers.any || policy.allow_headers.names_one("content-type")
}

/// Whether a handler that takes HTTP authentication can be called: `*` does not cover it.
pub const fn allows_authorization(policy: &Policy) -> bool {
    policy.allow_headers.names_one("authorization")
}

/// Whether cookies reach a handler, and script reads what it answers.
pub const fn allows_credentials(policy: &Policy) -> bool {
    policy.credentials
}

/// A policy that allows nobody anything, to start from.
pub const fn policy() -> Builder {
    Builder(Policy {
        origins: Origins::Listed(Listed {
            exact: &[],
            patterns: &[],
            sources: &[],
        }),
        credentials: false,
        enforce: false,
        allow_headers: AllowHeaders {
            any: false,
            names: &[],
        },
        expose_headers: ExposeHeaders {
            names: &[],
            value: "",
        },
        max_age: None,
        dangers: &[],
    })
}

/// Takes what the macro has checked, sorted and written out.
#[must_use]
#[derive(Debug)]
pub struct Builder(Policy);

impl Builder {
    /// `origins = ["*"]`
    pub const fn any_origin(mut self) -> Self {
        self.0.origins = Origins::Any;
        self
    }

    /// `danger(reflect_any_origin = "…")`
    pub const fn reflect_any_origin(mut self) -> Self {
        self.0.origins = Origins::Reflected;
        self
    }

    /// Both are sorted by [`by_length`](cors_rules::pattern::by_length), `patterns` by their hosts.
    pub const fn origins(
        mut self,
        exact: &'static [&'static str],
        patterns: &'static [Pattern<'static>],
    ) -> Self {
        self.0.origins = Origins::Listed(Listed {
            exact,
            patterns,
            sources: &[],
        });
        self
    }

    /// What decides at run time; after `origins`.
    pub const fn sources(mut self, sources: &'static [Source]) -> Self {
        if let Origins::Listed(listed) = &mut self.0.origins {
            listed.sources = sources;
        }
        self
    }

    /// `credentials`
    pub const fn credentials(mut self) -> Self {
        self.0.credentials = true;
        self
    }

    /// `enforce`
    pub const fn enforce(mut self) -> Self {
        self.0.enforce = true;
        self
    }

    /// `allow_headers = ["*"]`
    pub const fn allow_any_header(mut self) -> Self {
        self.0.allow_headers.any = true;
        self
    }

    /// In lower case, sorted.
    pub const fn allow_headers(mut self, names: &'static [&'static str]) -> Self {
        self.0.allow_headers.names = names;
        self
    }

    /// The names, and the names as the value of the header.
    pub const fn expose_headers(
        mut self,
        names: &'static [&'static str],
        value: &'static str,
    ) -> Self {
        self.0.expose_headers = ExposeHeaders { names, value };
        self
    }

    /// The seconds, and the seconds as the value of the header.
    pub const fn max_age(mut self, seconds: u32, value: &'static str) -> Self {
        self.0.max_age = Some(MaxAge { seconds, value });
        self
    }

    /// The dangers that were accepted, and why.
    pub const fn dangers(mut self, dangers: &'static [(Danger, &'static str)]) -> Self {
        self.0.dangers = dangers;
        self
    }

    /// The policy.
    pub const fn policy(self) -> Policy {
        self.0
    }
}
