//! The response to a refused preflight that makes the browser's console name the culprit.

use cors_rules::method::is_safelisted;

use crate::core::decision::{Methods, Refusal, Request, preflight_method, requested_headers};
use crate::core::policy::Policy;

/// The method and header names that this response lists as allowed.
///
/// The browser still refuses the request, and its console names the header or the method, rather
/// than a missing `Access-Control-Allow-Origin`. It caches nothing of a preflight that fails:
/// <https://fetch.spec.whatwg.org/#cors-preflight-fetch-0>
pub(crate) struct DiagnosticPreflight<'a> {
    pub(crate) methods: Vec<&'a str>,
    pub(crate) headers: Vec<&'a str>,
}

impl<'a> DiagnosticPreflight<'a> {
    /// `None` if a browser that is told what is allowed would send the request.
    pub(crate) fn new<R: Request>(
        policy: &Policy,
        methods: Methods,
        request: &'a R,
        refusal: Refusal,
    ) -> Option<Self> {
        // No browser asks for two methods, and one that did might be content with one of them.
        if preflight_method(request) == Some(b"") {
            return None;
        }
        // The origin is judged first, so it is allowed.
        let is_diagnosed = match refusal {
            Refusal::HeaderNotAllowed => true,
            // A safelisted method needs no permission.
            Refusal::MethodNotAllowed => !preflight_method(request).is_some_and(|method| {
                let method = method.to_ascii_uppercase();
                std::str::from_utf8(&method).is_ok_and(is_safelisted)
            }),
            _ => false,
        };
        is_diagnosed.then(|| Self {
            methods: allowed_methods(methods, request),
            headers: allowed_headers(policy, request),
        })
    }
}

/// The methods that need permission. In place of every method, the one asked for. The requested
/// method in another case is left out: a browser that ignored case would send the request.
fn allowed_methods<R: Request>(methods: Methods, request: &R) -> Vec<&str> {
    let requested = preflight_method(request).and_then(|it| std::str::from_utf8(it).ok());
    let is_miscased =
        |listed: &str| requested.is_some_and(|it| it != listed && it.eq_ignore_ascii_case(listed));
    let requested = requested.filter(|_| methods == Methods::Any);
    (methods.listed().iter().copied().chain(requested))
        .filter(|method| methods.contains(method.as_bytes()) && !is_safelisted(method))
        .filter(|method| !is_miscased(method))
        .collect()
}

/// The names that the policy allows. In place of `*` they are those asked for, because browsers
/// take it to cover `authorization`, and the policy does not.
fn allowed_headers<'a, R: Request>(policy: &Policy, request: &'a R) -> Vec<&'a str> {
    if !policy.allow_headers.any {
        return policy.allow_headers.names.to_vec();
    }
    requested_headers(request)
        .filter(|name| policy.allow_headers.contains(name))
        .filter_map(|name| std::str::from_utf8(name).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::decision::{Field, sent::Sent};

    #[test]
    fn headers_beyond_16_kib_are_not_read() {
        let policy = crate::__private::policy()
            .any_origin()
            .allow_headers(true, &[])
            .policy;
        let full = ",".repeat(16 * 1024 - "x-a".len());
        for (what, lines, expected) in [
            ("a name", &["x-a"][..], &["x-a"][..]),
            ("the wildcard", &["*"], &[]),
            (
                "the wildcard among names",
                &["x-a, *,x-b", "*"],
                &["x-a", "x-b"],
            ),
            ("16 KiB", &[&*full, "x-a"], &["x-a"]),
            ("beyond 16 KiB", &["x-a", &*full, "x-b"], &["x-a"]),
        ] {
            let request = Sent::new("OPTIONS", &[])
                .with(Field::Origin, &["https://app.example.com"])
                .with(Field::AccessControlRequestMethod, &["PUT"])
                .with(Field::AccessControlRequestHeaders, lines);
            let diagnostic = DiagnosticPreflight::new(
                &policy,
                Methods::These(&["GET"]),
                &request,
                Refusal::MethodNotAllowed,
            );
            let headers = diagnostic.map(|diagnostic| diagnostic.headers);
            assert_eq!(headers.as_deref(), Some(expected), "{what}");
        }
    }

    #[test]
    fn a_preflight_for_two_methods_is_not_diagnosed() {
        let policy = crate::__private::policy().any_origin().policy;
        let request = Sent::new("OPTIONS", &[])
            .with(Field::Origin, &["https://app.example.com"])
            .with(Field::AccessControlRequestMethod, &["PUT", "DELETE"]);
        let diagnostic = DiagnosticPreflight::new(
            &policy,
            Methods::These(&["PUT"]),
            &request,
            Refusal::MethodNotAllowed,
        );
        assert!(diagnostic.is_none());
    }

    #[test]
    fn methods_are_those_of_the_endpoint() {
        let policy = crate::__private::policy().any_origin().policy;
        for (methods, requested, refusal, expected) in [
            (
                Methods::These(&["GET", "PUT"]),
                "DELETE",
                Refusal::MethodNotAllowed,
                Some(&["PUT"][..]),
            ),
            (
                Methods::These(&["PUT", "*"]),
                "*",
                Refusal::MethodNotAllowed,
                Some(&["PUT"]),
            ),
            (
                Methods::These(&["PUT", "PATCH"]),
                "patch",
                Refusal::MethodNotAllowed,
                Some(&["PUT"]),
            ),
            // The browser would send it.
            (
                Methods::These(&["PUT"]),
                "GET",
                Refusal::MethodNotAllowed,
                None,
            ),
            (Methods::Any, "*", Refusal::MethodNotAllowed, Some(&[])),
            (Methods::Any, "P T", Refusal::MethodNotAllowed, Some(&[])),
            (
                Methods::Any,
                "PURGE",
                Refusal::HeaderNotAllowed,
                Some(&["PURGE"]),
            ),
            (Methods::Any, "GET", Refusal::HeaderNotAllowed, Some(&[])),
        ] {
            let request = Sent::new("OPTIONS", &[])
                .with(Field::Origin, &["https://app.example.com"])
                .with(Field::AccessControlRequestMethod, &[requested]);
            let diagnostic = DiagnosticPreflight::new(&policy, methods, &request, refusal);
            let found = diagnostic.map(|diagnostic| diagnostic.methods);
            assert_eq!(found.as_deref(), expected, "{requested} of {methods}");
        }
    }
}
