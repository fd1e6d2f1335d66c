//! What generated code calls. Do not use it yourself: semantic versioning does not cover it.

use actix_web::{FromRequest, Handler, Responder};

use crate::AnnotatedResource;
use crate::actix::endpoint::{Endpoint, HandlerName};
use crate::core::decision::Methods;
use crate::core::hazards::Hazards;
use crate::core::origins::Origins;
use crate::core::policy::{AllowHeaders, ExposeHeaders, Policy};
use crate::core::sources::{AnySource, CredentialSafe, ErasedSource};

pub use actix_router::IntoPatterns;
pub use actix_web::dev::{AppService, HttpServiceFactory};
pub use actix_web::guard::fn_guard;
pub use cors_rules::Danger;

pub use crate::actix::register_with_at::RegisterWithAt;
pub use crate::core::combination::{applies, violation};
pub use crate::core::hazards::Hazard;
pub use crate::core::sources::Source;

/// A handler under its policy, to be registered at these paths. `name` is the name of the resource,
/// and `handler_name` is the path of the handler's module, a blank and its name.
pub fn resource<F, Args>(
    paths: impl IntoPatterns,
    name: &str,
    handler_name: &'static str,
    policy: &'static Policy,
    methods: &'static [&'static str],
    handler: F,
) -> AnnotatedResource
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    let endpoint = Endpoint {
        handler: HandlerName(handler_name),
        policy,
        methods: Methods::These(methods),
    };
    AnnotatedResource::new(paths, name, endpoint, handler)
}

/// A source in a policy without credentials.
pub fn source<T: AnySource<K>, K>(source: &'static T) -> ErasedSource {
    source.erased()
}

/// A source in a policy with credentials.
pub fn credentialed_source<T: AnySource<K> + CredentialSafe, K>(
    source: &'static T,
) -> ErasedSource {
    source.erased()
}

/// Whether a page that the policy allows can send JSON. `none` allows no page.
pub const fn allows_content_type(policy: &Policy) -> bool {
    policy.allow_headers.content_type || is_none(policy)
}

/// Whether a page that the policy allows can send `Authorization`. In Fetch, `*` does not cover it.
pub const fn allows_authorization(policy: &Policy) -> bool {
    policy.allow_headers.lists("authorization") || is_none(policy)
}

/// Whether a page that the policy allows can send cookies and read the response.
pub const fn allows_credentials(policy: &Policy) -> bool {
    policy.credentials || is_none(policy)
}

const fn is_none(policy: &Policy) -> bool {
    matches!(policy.origins, Origins::Nobody)
}

/// Starts with a policy that allows no one.
pub const fn policy() -> PolicyBuilder {
    based_on(&listed(&[], &[], false, false, &[], ""))
}

/// A policy of what most state. The compiler takes time for each call, in each policy: this is one
/// instead of five.
///
/// The arguments are those of [`PolicyBuilder::origins`], [`PolicyBuilder::credentials`],
/// [`PolicyBuilder::allow_headers`] and [`PolicyBuilder::max_age`].
pub const fn listed(
    exact: &'static [&'static str],
    patterns: &'static [&'static str],
    credentials: bool,
    any_header: bool,
    allow_headers: &'static [&'static str],
    max_age: &'static str,
) -> Policy {
    Policy {
        origins: Origins::Listed {
            exact,
            patterns,
            sources: &[],
        },
        credentials,
        enforce: false,
        allow_headers: AllowHeaders::new(any_header, allow_headers),
        expose_headers: ExposeHeaders {
            names: &[],
            value: "",
        },
        max_age,
        dangers: &[],
        hazards: Hazards::NONE,
    }
}

/// Starts with another policy.
pub const fn based_on(base: &Policy) -> PolicyBuilder {
    PolicyBuilder {
        policy: Policy { ..*base },
    }
}

/// The policy of `none`.
pub static NOBODY: Policy = policy().nobody().policy;

/// Builds a policy of what the macro has checked and sorted.
#[must_use]
#[derive(Debug)]
pub struct PolicyBuilder {
    /// The policy so far. The compiler reads a field in less time than it evaluates a call.
    pub policy: Policy,
}

impl PolicyBuilder {
    /// `none`
    pub const fn nobody(mut self) -> Self {
        self.policy.origins = Origins::Nobody;
        self
    }

    /// `origins = ["*"]`
    pub const fn any_origin(mut self) -> Self {
        self.policy.origins = Origins::Any;
        self
    }

    /// `danger(reflect_any_origin = "…")`
    pub const fn reflect_any_origin(mut self) -> Self {
        self.policy.origins = Origins::Reflected;
        self
    }

    /// The origins and the patterns, each sorted by [`by_length`](cors_rules::checked::by_length).
    pub const fn origins(
        mut self,
        exact: &'static [&'static str],
        patterns: &'static [&'static str],
    ) -> Self {
        self.policy.origins = Origins::Listed {
            exact,
            patterns,
            sources: &[],
        };
        self
    }

    /// The sources, after `origins`.
    pub const fn sources(mut self, new: &'static [Source]) -> Self {
        if let Origins::Listed { sources, .. } = &mut self.policy.origins {
            *sources = new;
        }
        self
    }

    /// `credentials`, or `credentials = false`
    pub const fn credentials(mut self, on: bool) -> Self {
        self.policy.credentials = on;
        self
    }

    /// `enforce`, or `enforce = false`
    pub const fn enforce(mut self, on: bool) -> Self {
        self.policy.enforce = on;
        self
    }

    /// Whether `*` is listed, and the other names in lower case, sorted.
    pub const fn allow_headers(mut self, any: bool, names: &'static [&'static str]) -> Self {
        self.policy.allow_headers = AllowHeaders::new(any, names);
        self
    }

    /// The names, and the names as a header value.
    pub const fn expose_headers(
        mut self,
        names: &'static [&'static str],
        value: &'static str,
    ) -> Self {
        self.policy.expose_headers = ExposeHeaders { names, value };
        self
    }

    /// The seconds as a header value, which is empty if there are none.
    pub const fn max_age(mut self, value: &'static str) -> Self {
        self.policy.max_age = value;
        self
    }

    /// The accepted dangers, each with its reason.
    pub const fn dangers(mut self, dangers: &'static [(Danger, &'static str)]) -> Self {
        self.policy.dangers = dangers;
        self
    }

    /// What a policy that is based on this one must know about `origins`.
    pub const fn origin_hazards(mut self, hazards: &'static [Hazard]) -> Self {
        self.policy.hazards.origins = hazards;
        self
    }

    /// What a policy that is based on this one must know about `allow_headers`.
    pub const fn allow_headers_hazards(mut self, hazards: &'static [Hazard]) -> Self {
        self.policy.hazards.allow_headers = hazards;
        self
    }

    /// What a policy that is based on this one must know about `expose_headers`.
    pub const fn expose_headers_hazards(mut self, hazards: &'static [Hazard]) -> Self {
        self.policy.hazards.expose_headers = hazards;
        self
    }
}
