//! Functions for generated code. Do not use them yourself: semantic versioning does not cover them.

use actix_web::{FromRequest, Handler, Responder, Route};

use crate::AnnotatedResource;
use crate::actix::registered::Registered;
use crate::core::configured::ConfiguredPolicy;
use crate::core::decision::Methods;
use crate::core::origins::Origins;
use crate::core::policy::{Policy, SetPolicy};
use crate::core::sources::{AnySource, CredentialSafe, ErasedSource};

// To register a handler.
pub use actix_router::IntoPatterns;
pub use actix_web::dev::{AppService, HttpServiceFactory};
pub use actix_web::guard::fn_guard;

pub use crate::actix::register_with_at::RegisterWithAt;

// To write a policy.
pub use cors_rules::{Danger, Rule};

pub use crate::core::builder::{NOBODY, PolicyBuilder, based_on, configured, listed, policy};
pub use crate::core::sources::Source;

// To check a policy that has a base.
pub use crate::core::base::{assert_not, assert_promised, assert_sound};

/// A handler under its policy, to be registered at these paths. `name` is the name of the resource,
/// and `handler_name` is the path of the handler's module, a blank and its name.
#[allow(clippy::needless_pass_by_value)] // taken as `web::resource` takes it
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
    let registered = Registered::new(handler_name, policy, Methods::These(methods));
    AnnotatedResource::new(paths.patterns(), name, registered, Route::new().to(handler))
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

/// The value of `configured`.
pub fn configured_policy<T: IsConfiguredPolicy>(policy: &'static T) -> &'static SetPolicy {
    policy.current()
}

/// [`ConfiguredPolicy`]. It is a trait so that the compiler says what to write for another type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a `ConfiguredPolicy`",
    label = "`configured` takes the path of a policy that is set when the program starts",
    note = "help: make it one: `pub static API: ConfiguredPolicy = ConfiguredPolicy::new();`",
    note = "help: a policy that is stated in the code is named by its path alone: `#[cors(crate::PARTNERS)]`"
)]
pub trait IsConfiguredPolicy {
    /// Where policies that name it look.
    fn current(&'static self) -> &'static SetPolicy;
}

#[diagnostic::do_not_recommend]
impl IsConfiguredPolicy for ConfiguredPolicy {
    fn current(&'static self) -> &'static SetPolicy {
        &self.current
    }
}

/// True if a page that the policy allows can send JSON. `none` allows no page, and
/// a configured policy is not known yet.
pub const fn allows_content_type(policy: &Policy) -> bool {
    policy.allow_headers.content_type || is_silent(policy)
}

/// True if a page that the policy allows can send `Authorization`. In Fetch, `*` does not cover it.
pub const fn allows_authorization(policy: &Policy) -> bool {
    policy.allow_headers.lists_authorization() || is_silent(policy)
}

/// True if a page that the policy allows can send cookies and read the response.
pub const fn allows_credentials(policy: &Policy) -> bool {
    policy.credentials || is_silent(policy)
}

/// True if nothing can be said while compiling: no page is allowed, or the policy is set later.
const fn is_silent(policy: &Policy) -> bool {
    matches!(policy.origins, Origins::Nobody) || policy.configured.is_some()
}
