//! The decision once more, written for the reader and not for speed.
//!
//! It compares texts, searches lists from front to back, and shares nothing with the crate but the
//! types of its result. The fuzz target `decide` uses it too.

use cors_rules::Pattern;
use cors_rules::checked::by_length;
use cors_runtime::decision::{AllowOrigin, Decision, Field, Methods, Refusal, Request};
use cors_runtime::{__private as private, ConfiguredPolicy, Danger, Policy, PolicyConfig};

/// Who may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Who {
    /// `["*"]`
    Anyone,
    /// `danger(reflect_any_origin = "…")`
    Reflected,
    /// `none`
    Nobody,
    /// Origins, patterns, `null` and `file://`.
    Listed(Vec<&'static str>),
}

/// A policy in plain words, and the methods of its route.
#[derive(Debug, Clone)]
pub(crate) struct Plain {
    pub(crate) who: Who,
    pub(crate) credentials: bool,
    pub(crate) enforce: bool,
    /// `*` among them, perhaps.
    pub(crate) allow_headers: Vec<&'static str>,
    pub(crate) methods: Methods,
}

/// A request as lists of lines.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked<'a> {
    pub(crate) method: &'a str,
    pub(crate) authority: Option<&'a str>,
    pub(crate) scheme: Option<&'a str>,
    pub(crate) origins: Vec<&'a [u8]>,
    pub(crate) hosts: Vec<&'a [u8]>,
    pub(crate) sites: Vec<&'a [u8]>,
    pub(crate) modes: Vec<&'a [u8]>,
    pub(crate) content_types: Vec<&'a [u8]>,
    pub(crate) cookies: Vec<&'a [u8]>,
    /// The lines of `Access-Control-Request-Method`.
    pub(crate) methods: Vec<&'a [u8]>,
    /// The lines of `Access-Control-Request-Headers`.
    pub(crate) names: Vec<&'a [u8]>,
}

impl Request for Asked<'_> {
    fn method(&self) -> &str {
        self.method
    }

    fn path(&self) -> &'static str {
        "/"
    }
    fn authority(&self) -> Option<&str> {
        self.authority
    }

    fn scheme(&self) -> Option<&str> {
        self.scheme
    }

    fn lines(&self, field: Field) -> impl Iterator<Item = &[u8]> {
        let lines = match field {
            Field::Origin => self.origins.as_slice(),
            Field::Host => &self.hosts,
            Field::SecFetchSite => &self.sites,
            Field::ContentType => &self.content_types,
            Field::Cookie => &self.cookies,
            Field::SecFetchMode => &self.modes,
            Field::AccessControlRequestMethod => &self.methods,
            Field::AccessControlRequestHeaders => &self.names,
        };
        lines.iter().copied()
    }
}

impl Plain {
    /// The policy as the attribute would emit it. It lives for ever.
    pub(crate) fn policy(&self) -> &'static Policy {
        let builder = match &self.who {
            Who::Anyone => private::policy().any_origin(),
            Who::Reflected => private::policy().reflect_any_origin(),
            Who::Nobody => private::policy().nobody(),
            Who::Listed(texts) => {
                let (mut exact, mut patterns) = (Vec::new(), Vec::new());
                for text in texts {
                    match Pattern::parse(text) {
                        Ok(pattern) if !pattern.is_exact() => patterns.push(*text),
                        _ => exact.push(*text),
                    }
                }
                for list in [&mut exact, &mut patterns] {
                    list.sort_by(|a, b| by_length(a.as_bytes(), b.as_bytes()));
                    list.dedup();
                }
                private::policy().origins(exact.leak(), patterns.leak())
            }
        };
        let any = self.allow_headers.contains(&"*");
        let mut names = self.allow_headers.clone();
        names.retain(|name| *name != "*");
        names.sort_unstable();
        let builder = builder
            .credentials(self.credentials)
            .enforce(self.enforce)
            .allow_headers(any, names.leak());
        Box::leak(Box::new(builder.policy))
    }

    /// Sets a configured policy to this one, and accepts the dangers that it needs. False if it
    /// breaks a rule that no danger permits.
    pub(crate) fn configure(&self, policy: &ConfiguredPolicy) -> bool {
        let reason = || "nothing here is worth reading".to_owned();
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let mut config = PolicyConfig {
            credentials: self.credentials,
            enforce: self.enforce,
            allow_headers: texts(&self.allow_headers),
            ..PolicyConfig::default()
        };
        match &self.who {
            Who::Anyone => config.origins = texts(&["*"]),
            Who::Reflected => _ = config.danger.insert(Danger::ReflectAnyOrigin, reason()),
            Who::Nobody => {}
            Who::Listed(listed) => config.origins = texts(listed),
        }
        let Err(violations) = policy.set(config.clone()) else {
            return true;
        };
        let dangers = violations.iter().filter_map(|it| it.rule.danger());
        config
            .danger
            .extend(dangers.map(|danger| (danger, reason())));
        policy.set(config).is_ok()
    }

    /// The decision. `is_origin` says whether a text is the serialization of an origin other than
    /// `null` and `file://`.
    pub(crate) fn decide(&self, asked: &Asked<'_>, is_origin: &dyn Fn(&str) -> bool) -> Decision {
        let allowed = self.allows(asked, is_origin);
        if asked.method == "OPTIONS" && !asked.origins.is_empty() && !asked.methods.is_empty() {
            return Decision::Preflight(self.preflight(asked, allowed));
        }
        match allowed {
            Err(Refusal::NoOrigin) if self.enforce && has_lost_its_origin(asked) => {
                Decision::Forbid(Refusal::OriginMissing)
            }
            Err(refusal) if self.enforce && is_cross_origin(asked, is_origin) => {
                Decision::Forbid(refusal)
            }
            _ => match self.outran_its_preflight(asked, allowed.is_ok()) {
                Some(refusal) => Decision::Forbid(refusal),
                None => Decision::Run(allowed),
            },
        }
    }

    /// The [CORS check](https://fetch.spec.whatwg.org/#cors-check), from the other side: which
    /// `Access-Control-Allow-Origin` makes it pass for the origins that are meant, and no others.
    fn allows(
        &self,
        asked: &Asked<'_>,
        is_origin: &dyn Fn(&str) -> bool,
    ) -> Result<AllowOrigin, Refusal> {
        if self.who == Who::Anyone {
            return Ok(AllowOrigin::Any);
        }
        let line = match asked.origins.as_slice() {
            [] => return Err(Refusal::NoOrigin),
            [line] => *line,
            _ => return Err(Refusal::RepeatedOrigin),
        };
        let Ok(line) = std::str::from_utf8(line) else {
            return Err(Refusal::OriginNotAllowed);
        };
        match &self.who {
            Who::Reflected if ["null", "file://"].contains(&line) || is_origin(line) => {
                return Ok(AllowOrigin::Echo);
            }
            Who::Listed(texts) => {
                let is_listed = |text: &&str| *text == line && !text.contains('*');
                if texts.iter().any(is_listed)
                    || is_origin(line) && texts.iter().any(|text| matches(text, line))
                {
                    return Ok(AllowOrigin::Echo);
                }
            }
            Who::Anyone | Who::Reflected | Who::Nobody => {}
        }
        Err(Refusal::OriginNotAllowed)
    }

    /// [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch), steps 6 and 7.
    fn preflight(
        &self,
        asked: &Asked<'_>,
        allowed: Result<AllowOrigin, Refusal>,
    ) -> Result<AllowOrigin, Refusal> {
        let origin = allowed?;
        let [wanted] = asked.methods.as_slice() else {
            return Err(Refusal::MethodNotAllowed);
        };
        if !self.takes(wanted) {
            return Err(Refusal::MethodNotAllowed);
        }
        let mut bytes = 0;
        for line in &asked.names {
            bytes += line.len();
            if bytes > 16 * 1024 {
                return Err(Refusal::HeadersTooLong);
            }
            for name in line.split(|byte| *byte == b',') {
                let name = String::from_utf8_lossy(name);
                let name = name.trim_matches([' ', '\t']);
                if !name.chars().all(is_token_character) {
                    return Err(Refusal::MalformedHeaders);
                }
                if !name.is_empty() && !self.allows_header(name) {
                    return Err(Refusal::HeaderNotAllowed);
                }
            }
        }
        Ok(origin)
    }

    fn allows_header(&self, name: &str) -> bool {
        let is_listed = |name: &str| {
            let mut listed = self.allow_headers.iter();
            listed.any(|listed| listed.eq_ignore_ascii_case(name))
        };
        name != "*"
            && (is_listed(name) || is_listed("*") && !name.eq_ignore_ascii_case("authorization"))
    }

    /// True if the response to a preflight may name this method.
    fn takes(&self, method: &[u8]) -> bool {
        let text = String::from_utf8_lossy(method);
        match self.methods {
            _ if text == "*" => false,
            Methods::Any => {
                (1..=64).contains(&method.len()) && text.chars().all(is_token_character)
            }
            Methods::These(these) => these.contains(&&*text),
        }
    }

    /// Why the preflight of this endpoint would have stopped a request that a browser sends only
    /// after one: another handler's preflight let it through.
    fn outran_its_preflight(&self, asked: &Asked<'_>, is_allowed: bool) -> Option<Refusal> {
        if !comes_from_elsewhere(asked) {
            return None;
        }
        let has_method = !["GET", "HEAD", "POST"].contains(&asked.method);
        let has_type = !has_safelisted_types(asked) && !is_report_or_ping(asked);
        if !(has_method || has_type) {
            return None;
        }
        let causes = [
            (!is_allowed, Refusal::OriginFailsPreflight),
            (
                !self.takes(asked.method.as_bytes()),
                Refusal::MethodFailsPreflight,
            ),
            (
                has_type && !self.allows_header("content-type"),
                Refusal::ContentTypeFailsPreflight,
            ),
            (
                !asked.cookies.is_empty() && !self.credentials,
                Refusal::CredentialsFailPreflight,
            ),
        ];
        let mut causes = causes.into_iter();
        causes.find_map(|(applies, refusal)| applies.then_some(refusal))
    }
}

fn is_token_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

/// True if the browser says that a page of another origin made the request.
fn comes_from_elsewhere(asked: &Asked<'_>) -> bool {
    matches!(asked.sites.as_slice(), [b"cross-site" | b"same-site"])
}

/// True if a browser must have sent `Origin`, but none arrived.
fn has_lost_its_origin(asked: &Asked<'_>) -> bool {
    asked.origins.is_empty()
        && !["GET", "HEAD"].contains(&asked.method)
        && comes_from_elsewhere(asked)
}

/// True if a pattern stands for an origin.
pub(crate) fn matches(pattern: &str, origin: &str) -> bool {
    let (Some((scheme, host, port)), Some(of)) = (parts(pattern), parts(origin)) else {
        return false;
    };
    let means_host = match host.strip_prefix('*') {
        Some(dot_and_rest) => of.1.len() > dot_and_rest.len() && of.1.ends_with(dot_and_rest),
        None => of.1 == host,
    };
    scheme == of.0 && means_host && (port == Some("*") || port == of.2)
}

/// Scheme, host and port.
fn parts(text: &str) -> Option<(&str, &str, Option<&str>)> {
    let (scheme, rest) = text.split_once("://")?;
    let after_bracket = rest.rfind(']').unwrap_or(0);
    Some(match rest[after_bracket..].rfind(':') {
        Some(colon) => {
            let (host, port) = rest.split_at(after_bracket + colon);
            (scheme, host, Some(&port[1..]))
        }
        None => (scheme, rest, None),
    })
}

/// True if a page of another origin made the request, as far as the server can tell.
fn is_cross_origin(asked: &Asked<'_>, is_origin: &dyn Fn(&str) -> bool) -> bool {
    let origin = match asked.origins.as_slice() {
        [] => return false,
        [origin] => *origin,
        _ => return true,
    };
    match asked.sites.as_slice() {
        // `none` is for what the user starts.
        [] | [b"none"] => {}
        [b"same-origin"] => {
            let text = String::from_utf8_lossy(origin);
            let has_own_scheme = !text.starts_with("http://") && !text.starts_with("https://");
            return has_own_scheme && is_origin(&text);
        }
        _ => return true,
    }
    let authority = match (asked.authority, asked.hosts.as_slice()) {
        (Some(authority), _) => authority.as_bytes(),
        (None, [host]) => *host,
        (None, _) => return true,
    };
    let (Ok(origin), Ok(authority)) = (std::str::from_utf8(origin), std::str::from_utf8(authority))
    else {
        return true;
    };
    let authority = authority.to_ascii_lowercase();
    let is_at = |scheme: &str, default_port: &str| {
        let without = authority.strip_suffix(default_port).unwrap_or(&authority);
        let has_scheme = asked.scheme.is_none() || asked.scheme == Some(scheme);
        has_scheme && origin == format!("{scheme}://{without}")
    };
    !(is_origin(origin) && (is_at("https", ":443") || is_at("http", ":80")))
}

/// True if `Content-Type` is absent, or lists
/// [CORS-safelisted](https://fetch.spec.whatwg.org/#cors-safelisted-request-header) values, which
/// browsers join with commas. A comma may be in a parameter of a value that is alone.
fn has_safelisted_types(asked: &Asked<'_>) -> bool {
    let mut bytes = 0;
    for line in &asked.content_types {
        let values = if is_safelisted_type(line) {
            vec![*line]
        } else {
            line.split(|byte| *byte == b',').collect()
        };
        for value in values {
            bytes += value.trim_ascii().len();
            if !is_safelisted_type(value) || bytes > 1_024 {
                return false;
            }
        }
    }
    true
}

fn is_safelisted_type(value: &[u8]) -> bool {
    let is_unsafe =
        |byte: &u8| (*byte < b' ' && *byte != b'\t') || b"\"():<>?@[\\]{}\x7f".contains(byte);
    let types = [
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "text/plain",
    ];
    value.trim_ascii().len() <= 128
        && !value.iter().any(is_unsafe)
        && types.iter().any(|known| has_essence(value, known))
}

/// True if the browser sends the request of itself: never with the mode that script uses.
fn is_report_or_ping(asked: &Asked<'_>) -> bool {
    let [line] = asked.content_types.as_slice() else {
        return false;
    };
    let types = ["application/csp-report", "text/ping"];
    types.iter().any(|known| has_essence(line, known)) && !asked.modes.contains(&b"cors".as_slice())
}

/// True if the media type is this one. Its parameters do not count.
fn has_essence(value: &[u8], essence: &str) -> bool {
    let end = value.iter().position(|byte| *byte == b';');
    let found = value[..end.unwrap_or(value.len())].trim_ascii();
    found.eq_ignore_ascii_case(essence.as_bytes())
}
