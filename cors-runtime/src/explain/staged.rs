//! The response to a refused preflight that makes the browser's console name the culprit.

use cors_rules::method::is_safelisted;

use crate::decision::{Field, Refusal, Request, preflight_method};
use crate::policy::Policy;

/// The method and header names that this response lists as allowed.
///
/// The browser still refuses the request, and its console names the header or the method,
/// rather than a missing `Access-Control-Allow-Origin`. It caches nothing of a preflight that fails:
/// <https://fetch.spec.whatwg.org/#cors-preflight-fetch-0>
pub(crate) struct Staged<'a> {
    pub(crate) methods: Vec<&'a str>,
    pub(crate) headers: Vec<&'a str>,
}

impl<'a> Staged<'a> {
    /// `None` if a browser that is told what is allowed would send the request.
    pub(crate) fn new<R: Request>(
        policy: &Policy,
        methods: &[&'a str],
        request: &'a R,
        refusal: Refusal,
    ) -> Option<Self> {
        // The origin is judged first, so it is allowed.
        let is_staged = match refusal {
            Refusal::HeaderNotAllowed => true,
            // A safelisted method needs no permission.
            Refusal::MethodNotAllowed => !preflight_method(request)
                .is_some_and(|method| std::str::from_utf8(method).is_ok_and(is_safelisted)),
            _ => false,
        };
        is_staged.then(|| Self {
            methods: (methods.iter().copied())
                .filter(|method| !is_safelisted(method))
                .collect(),
            headers: allowed_headers(policy, request),
        })
    }
}

/// The names that the policy allows. In place of `*` they are those asked for, because browsers
/// take it to cover `authorization`, and the policy does not.
fn allowed_headers<'a, R: Request>(policy: &Policy, request: &'a R) -> Vec<&'a str> {
    if !policy.allow_headers.any {
        return policy.allow_headers.names.to_vec();
    }
    (request.lines(Field::AccessControlRequestHeaders))
        .flat_map(|line| line.split(|byte| *byte == b','))
        .map(<[u8]>::trim_ascii)
        .filter(|name| !name.is_empty() && policy.allow_headers.contains(name))
        .filter_map(|name| std::str::from_utf8(name).ok())
        .collect()
}
