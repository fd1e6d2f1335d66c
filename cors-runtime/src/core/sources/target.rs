//! Where a request goes.

use std::borrow::Cow;

use crate::core::authority::Authority;

/// The host and the path that a request is for: what a source may decide on, besides the origin.
///
/// A preflight has the same target as the request that follows it.
///
/// To test a source, make one:
///
/// ```
/// use cors_runtime::Target;
///
/// let target = Target::new("API.example.com:443", "/t/acme/cart");
/// assert_eq!(target.host(), Some("api.example.com"));
/// assert_eq!(target.path(), "/t/acme/cart");
///
/// assert_eq!(Target::new("api.example.com:x", "/").host(), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Target<'a> {
    host: Option<Cow<'a, str>>,
    pub(in crate::core) path: &'a str,
}

impl<'a> Target<'a> {
    /// The target of a request with this host, as in `Host`, and this path.
    ///
    /// The [`host`](Self::host) is `None` if the text is not a host, for example if it is empty.
    pub fn new(host: &'a str, path: &'a str) -> Self {
        Self::of(Authority::parse(host.as_bytes()), path)
    }

    pub(in crate::core) fn of(authority: Option<Authority<'a>>, path: &'a str) -> Self {
        Self {
            host: authority.map(Authority::without_default_port),
            path,
        }
    }

    /// The authority that the request is for: of the request target, or else of `Host`.
    ///
    /// It is in lower case, with its port unless that is 80 or 443: `example.com`,
    /// `example.com:8443`, `[::1]:8080`. It is `None` if it is missing, repeated or malformed.
    pub fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// The path of the request, without the query: `/t/acme/cart`.
    ///
    /// Behind a [`Cached`](crate::Cached), an [`AsyncOriginSource`] gets only the segments that it
    /// [asks for].
    ///
    /// It is **not decoded**: `/t/%61cme/cart` stays as it is, and so do `%2F`, `//` and `..`. If
    /// middleware around the handler rewrites paths, such as `NormalizePath`, this is the path that
    /// routing gets.
    ///
    /// # The tenant of a path
    ///
    /// An extractor such as `Path<String>` decodes. If you decide here on one tenant, and the
    /// handler responds for another, then a page of the first reads data of the second, with the
    /// user's cookies. Say the table had a tenant named `%61cme`: its pages could read what belongs
    /// to `acme`. So:
    ///
    /// - Let names of tenants consist of letters, digits, `-` and `_`, and check that before one
    ///   gets into the table.
    /// - Take the name from the path as it is, and look it up as it is. Do not decode it, change
    ///   its case or resolve dots.
    ///
    /// An encoded name is then not in the table, and allows no one. Any other name is the same text
    /// here and in the handler.
    ///
    /// ```
    /// use cors_runtime::Target;
    ///
    /// /// `acme` of `/t/acme/cart`.
    /// fn tenant<'t>(target: &Target<'t>) -> Option<&'t str> {
    ///     target.path().strip_prefix("/t/")?.split('/').next()
    /// }
    ///
    /// let of = |path| tenant(&Target::new("api.example.com", path));
    /// assert_eq!(of("/t/acme/cart"), Some("acme"));
    /// assert_eq!(of("/t/%61cme/cart"), Some("%61cme")); // Not in the table.
    /// assert_eq!(of("/t//acme/cart"), Some("")); // Not in the table either.
    /// assert_eq!(of("/%74/acme/cart"), None);
    /// ```
    ///
    /// [`AsyncOriginSource`]: crate::AsyncOriginSource
    /// [asks for]: crate::AsyncOriginSource::path_segments
    pub fn path(&self) -> &'a str {
        self.path
    }

    /// The same host, and the path up to this number of segments: `/t/acme` of `/t/acme/cart`, if
    /// it is two.
    pub(super) fn first_segments(&self, count: usize) -> Target<'_> {
        let start = usize::from(self.path.starts_with('/'));
        let end = match count.checked_sub(1) {
            None => Some(0),
            Some(others) => {
                let mut slashes = self.path[start..].match_indices('/');
                slashes.nth(others).map(|(end, _)| start + end)
            }
        };
        Target {
            host: self.host().map(Cow::Borrowed),
            path: end.map_or(self.path, |end| &self.path[..end]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_has_the_first_segments_of_its_path() {
        for (path, count, expected) in [
            ("/t/acme/cart", 0, ""),
            ("/t/acme/cart", 1, "/t"),
            ("/t/acme/cart", 2, "/t/acme"),
            ("/t/acme/cart", 3, "/t/acme/cart"),
            ("/t/acme/cart", 4, "/t/acme/cart"),
            ("/t/acme/cart", usize::MAX, "/t/acme/cart"),
            ("/t/acme/", 2, "/t/acme"),
            ("/t/acme/", 3, "/t/acme/"),
            ("/t/acme", 2, "/t/acme"),
            ("/t//acme", 2, "/t/"),
            ("//t/acme", 2, "//t"),
            ("/t/a%2Fb/c", 2, "/t/a%2Fb"),
            ("/t/../acme", 2, "/t/.."),
            ("/t/\u{e4}/c", 2, "/t/\u{e4}"),
            ("/", 0, ""),
            ("/", 1, "/"),
            ("", 1, ""),
            ("*", 0, ""),
            ("*", 1, "*"),
        ] {
            let target = Target::new("API.example", path);
            let first = target.first_segments(count);
            assert_eq!(first.path(), expected, "{count} of {path}");
            assert_eq!(first.host(), Some("api.example"));
            assert_eq!(first.first_segments(count), first, "{count} of {path}");
        }
    }
}
