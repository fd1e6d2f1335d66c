//! A small model of a browser, written from [Fetch](https://fetch.spec.whatwg.org), with the steps it follows.

/// The response of a server, header names in lower case.
#[derive(Debug, Clone)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
}

impl Response {
    /// <https://fetch.spec.whatwg.org/#concept-header-list-get>
    fn get(&self, name: &str) -> Option<String> {
        let values: Vec<_> = self
            .headers
            .iter()
            .filter(|(n, _)| n == name)
            .map(|(_, v)| v.trim())
            .collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// <https://fetch.spec.whatwg.org/#extract-header-list-values>
    fn list(&self, name: &str) -> Vec<String> {
        let value = self.get(name).unwrap_or_default();
        value
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect()
    }
}

/// A request of script.
#[derive(Debug, Clone)]
pub(crate) struct Fetch {
    /// The serialization of the page's origin.
    pub(crate) origin: String,
    pub(crate) method: String,
    /// The names of the headers that script sets, whose values are not safelisted, in lower case.
    pub(crate) unsafe_headers: Vec<String>,
    /// The credentials mode is "include".
    pub(crate) credentials: bool,
}

/// The result for script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// A network error.
    Blocked,
    /// The response, and the names of those of its headers that script sees.
    Read(Vec<String>),
}

/// A request as it leaves the browser: method and header lines.
pub(crate) type Sent = (String, Vec<(String, String)>);

impl Fetch {
    /// [HTTP fetch](https://fetch.spec.whatwg.org/#http-fetch) of a cross-origin request in mode "cors".
    pub(crate) fn run(&self, mut server: impl FnMut(Sent) -> Response) -> Outcome {
        if self.needs_preflight() && !self.preflight(&mut server) {
            return Outcome::Blocked;
        }
        let mut headers = vec![("origin".to_owned(), self.origin.clone())];
        headers.extend(
            self.unsafe_headers
                .iter()
                .map(|name| (name.clone(), "1".to_owned())),
        );
        let response = server((self.method.clone(), headers));
        if !self.cors_check(&response) {
            return Outcome::Blocked;
        }
        let exposed = response.list("access-control-expose-headers");
        let wildcard = !self.credentials && exposed.iter().any(|name| name == "*");
        let mut seen: Vec<_> = (response.headers.iter().map(|(name, _)| name.clone()))
            .filter(|name| !["set-cookie", "set-cookie2"].contains(&name.as_str()))
            .filter(|name| {
                wildcard
                    || is_safelisted_response(name)
                    || exposed.iter().any(|e| e.eq_ignore_ascii_case(name))
            })
            .collect();
        seen.sort();
        Outcome::Read(seen)
    }

    fn needs_preflight(&self) -> bool {
        !is_safelisted_method(&self.method) || !self.unsafe_headers.is_empty()
    }

    /// <https://fetch.spec.whatwg.org/#cors-preflight-fetch>
    fn preflight(&self, server: &mut impl FnMut(Sent) -> Response) -> bool {
        let mut headers = vec![
            ("accept".to_owned(), "*/*".to_owned()),
            (
                "access-control-request-method".to_owned(),
                self.method.clone(),
            ),
            ("origin".to_owned(), self.origin.clone()),
        ];
        let mut names = self.unsafe_headers.clone();
        names.sort();
        if !names.is_empty() {
            headers.push(("access-control-request-headers".to_owned(), names.join(",")));
        }
        let response = server(("OPTIONS".to_owned(), headers));
        if !self.cors_check(&response) || !(200..300).contains(&response.status) {
            return false;
        }
        let methods = response.list("access-control-allow-methods");
        let method_allowed = is_safelisted_method(&self.method)
            || methods.contains(&self.method)
            || (!self.credentials && methods.iter().any(|method| method == "*"));
        let allowed = response.list("access-control-allow-headers");
        let wildcard = !self.credentials && allowed.iter().any(|name| name == "*");
        method_allowed
            && self.unsafe_headers.iter().all(|name| {
                allowed
                    .iter()
                    .any(|allowed| allowed.eq_ignore_ascii_case(name))
                    || (wildcard && name != "authorization")
            })
    }

    /// <https://fetch.spec.whatwg.org/#concept-cors-check>
    fn cors_check(&self, response: &Response) -> bool {
        let Some(allowed) = response.get("access-control-allow-origin") else {
            return false;
        };
        if !self.credentials && allowed == "*" {
            return true;
        }
        if allowed != self.origin {
            return false;
        }
        !self.credentials
            || response.get("access-control-allow-credentials").as_deref() == Some("true")
    }
}

fn is_safelisted_method(method: &str) -> bool {
    ["GET", "HEAD", "POST"].contains(&method)
}

fn is_safelisted_response(name: &str) -> bool {
    [
        "cache-control",
        "content-language",
        "content-length",
        "content-type",
        "expires",
        "last-modified",
        "pragma",
    ]
    .contains(&name)
}
