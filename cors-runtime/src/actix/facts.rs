//! What a request says, as the decision reads it.

use actix_web::dev::RequestHead;
use actix_web::http::header::{
    ACCESS_CONTROL_REQUEST_HEADERS, HOST, HeaderName, HeaderValue, ORIGIN,
};

use super::guard::requested_method;
use crate::decision::{Decision, Facts, OriginField, Preflight, decide};
use crate::origins::{self, Origins};
use crate::policy::Policy;
use crate::source::{self, Said, Source};

/// A policy, and the methods of the route that it is for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judge {
    pub(crate) policy: &'static Policy,
    pub(crate) methods: &'static [&'static str],
}

impl Judge {
    /// Decides, unless a source has to be waited for.
    pub(crate) fn at_once(self, head: &RequestHead) -> Option<Decision> {
        let vouched = match asked(self.policy, head) {
            None => false,
            Some((sources, origin)) => match source::ask(sources, &origin, head) {
                Said::Yes => true,
                Said::No => false,
                Said::Wait => return None,
            },
        };
        Some(decide(self.policy, facts(head, self, vouched)))
    }

    /// Decides once the sources that have to be waited for have answered.
    pub(crate) async fn in_time(self, head: &RequestHead) -> Decision {
        let vouched = match asked(self.policy, head) {
            None => false,
            Some((sources, origin)) => source::look_up(sources, &origin, head).await,
        };
        decide(self.policy, facts(head, self, vouched))
    }
}

/// The sources that have to be asked, and about which origin: none if a literal allows it, or if it is no origin.
fn asked<'a>(
    policy: &'static Policy,
    head: &'a RequestHead,
) -> Option<(&'static [Source], cors_rules::Origin<'a>)> {
    let Origins::Listed(listed) = &policy.origins else {
        return None;
    };
    if listed.sources.is_empty() {
        return None;
    }
    let OriginField::Once(origin) = origin(head) else {
        return None;
    };
    if listed.find(origin) != origins::Found::No {
        return None;
    }
    Some((listed.sources, origins::parse(origin).ok()?))
}

fn origin(head: &RequestHead) -> OriginField<'_> {
    let mut lines = head.headers.get_all(ORIGIN);
    match (lines.next(), lines.next()) {
        (None, _) => OriginField::Absent,
        (Some(origin), None) => OriginField::Once(origin.as_bytes()),
        (Some(_), Some(_)) => OriginField::Repeated,
    }
}

fn facts(
    head: &RequestHead,
    Judge { policy, methods }: Judge,
    vouched: bool,
) -> Facts<'_, impl Iterator<Item = &[u8]>> {
    // Only `enforce` asks whether a request is same-origin; nobody else pays for the look-ups.
    let (fetch_site, host) = if policy.enforce {
        site(head)
    } else {
        (None, None)
    };
    Facts {
        origin: origin(head),
        vouched,
        fetch_site,
        host,
        preflight: requested_method(head).map(|method| Preflight {
            method,
            methods,
            headers: head
                .headers
                .get_all(ACCESS_CONTROL_REQUEST_HEADERS)
                .map(HeaderValue::as_bytes),
        }),
    }
}

/// `Sec-Fetch-Site`, and the host that the request is for.
fn site(head: &RequestHead) -> (Option<&[u8]>, Option<&[u8]>) {
    let fetch_site =
        first(head, &SEC_FETCH_SITE).map(|(line, alone)| if alone { line } else { b"" });
    // The target of a request goes before `Host`: https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2
    let host = match head.uri.authority() {
        Some(authority) => Some(authority.as_str().as_bytes()),
        None => first(head, &HOST).and_then(|(line, alone)| alone.then_some(line)),
    };
    (fetch_site, host)
}

/// The first line of a field, and whether it is the only one.
fn first<'a>(head: &'a RequestHead, name: &HeaderName) -> Option<(&'a [u8], bool)> {
    let mut lines = head.headers.get_all(name);
    let first = lines.next()?;
    Some((first.as_bytes(), lines.next().is_none()))
}

static SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
