//! Ways in which a page makes a browser send something.

/// One way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Probe {
    pub(crate) name: &'static str,
    /// The headers of the page, as the query of a [recorder](crate::recorder)'s page.
    headers: &'static str,
    /// `here` is where to send something.
    script: &'static str,
}

impl Probe {
    /// True if the browser leaves the page to send this.
    pub(crate) fn leaves(&self) -> bool {
        self.script.starts_with("submit") || self.script.contains("setTimeout")
    }

    /// The address of a page at `origin` that sends something to `here`.
    pub(crate) fn page(&self, origin: &str, here: &str) -> Result<String, String> {
        let address = format!("{origin}/page");
        let mut address = url::Url::parse(&address).map_err(|error| error.to_string())?;
        for header in self.headers.split('&').filter(|header| !header.is_empty()) {
            let (name, value) = header.split_once('=').unwrap_or_default();
            let value = value.replace("HERE", here);
            address.query_pairs_mut().append_pair(name, &value);
        }
        Ok(address.into())
    }

    /// The body of an async function that makes that page send it.
    pub(crate) fn script(&self, here: &str) -> String {
        format!(
            "const here = '{here}'; {HELPERS} {}; return null;",
            self.script
        )
    }
}

const HELPERS: &str = r"
    const post = (init) => fetch(here, { method: 'POST', credentials: 'include', ...init });
    const json = { body: '{}', headers: { 'content-type': 'application/json' } };
    const blob = type => new Blob(['{}'], { type });
    const data = () => { const data = new FormData(); data.append('a', 'b'); return data; };
    const add = (name, attributes) => {
        const element = Object.assign(document.createElement(name), attributes);
        document.body.append(element);
        return element;
    };
    // The driver gets its response before the browser leaves the page.
    const submit = enctype => {
        const form = add('form', { method: 'post', action: here, enctype, innerHTML: '<input name=a value=b>' });
        setTimeout(() => form.submit());
    };
    const sandboxed = srcdoc => {
        const frame = document.createElement('iframe');
        frame.sandbox = 'allow-scripts allow-forms';
        frame.srcdoc = srcdoc;
        document.body.append(frame);
    };
    const run = script => `<script>${script}</` + 'script>';
";

const fn probe(name: &'static str, script: &'static str) -> Probe {
    Probe {
        name,
        headers: "",
        script,
    }
}

const fn report(name: &'static str, headers: &'static str) -> Probe {
    Probe {
        name,
        headers,
        script: "fetch('/blocked').catch(() => 0)",
    }
}

/// Not sent by Firefox, unless its user has set `browser.send_pings`.
pub(crate) const PING: &str = "`<a ping>`";

/// POST requests that are sent without a preflight.
pub(crate) const UNASKED: &[Probe] = &[
    probe("`sendBeacon`, string", "navigator.sendBeacon(here, 'a')"),
    probe(
        "`sendBeacon`, `URLSearchParams`",
        "navigator.sendBeacon(here, new URLSearchParams('a=b'))",
    ),
    probe(
        "`sendBeacon`, `FormData`",
        "navigator.sendBeacon(here, data())",
    ),
    probe(
        "`sendBeacon`, `Blob` of `text/plain`",
        "navigator.sendBeacon(here, blob('text/plain'))",
    ),
    probe(
        "`sendBeacon`, `Blob` without a type",
        "navigator.sendBeacon(here, blob(''))",
    ),
    probe(
        "`sendBeacon`, bytes",
        "navigator.sendBeacon(here, new Uint8Array([1]))",
    ),
    probe("`sendBeacon`, nothing", "navigator.sendBeacon(here)"),
    probe(
        PING,
        "add('a', { href: '#here', ping: here, textContent: 'a' }).click()",
    ),
    probe(
        "form, `application/x-www-form-urlencoded`",
        "submit('application/x-www-form-urlencoded')",
    ),
    probe(
        "form, `multipart/form-data`",
        "submit('multipart/form-data')",
    ),
    probe("form, `text/plain`", "submit('text/plain')"),
    probe(
        "form in a sandboxed frame",
        "sandboxed(`<form method=post action='${here}'><input name=a></form>` + run('document.forms[0].submit()'))",
    ),
    probe("`no-cors`, nothing", "await post({ mode: 'no-cors' })"),
    probe(
        "`no-cors`, string",
        "await post({ mode: 'no-cors', body: 'a' })",
    ),
    probe(
        "`no-cors`, `URLSearchParams`",
        "await post({ mode: 'no-cors', body: new URLSearchParams('a=b') })",
    ),
    probe(
        "`no-cors`, `FormData`",
        "await post({ mode: 'no-cors', body: data() })",
    ),
    probe(
        "`no-cors`, bytes",
        "await post({ mode: 'no-cors', body: new Uint8Array([1]) })",
    ),
    probe(
        "`no-cors`, string as `application/json`",
        "await post({ mode: 'no-cors', ...json })",
    ),
    report(
        "CSP `report-uri`",
        "content-security-policy=connect-src 'none'; report-uri HERE",
    ),
    report(
        "CSP `report-uri`, report only",
        "content-security-policy-report-only=connect-src 'none'; report-uri HERE",
    ),
];

/// Other requests that no script reads the response of.
pub(crate) const SENT: &[Probe] = &[
    report(
        "CSP `report-to`",
        "content-security-policy=connect-src 'none'; report-to here&reporting-endpoints=here=\"HERE\"",
    ),
    probe(
        "`no-cors`, `Blob` of `application/json`",
        "await post({ mode: 'no-cors', body: blob('application/json') })",
    ),
    probe(
        "`no-cors`, `Blob` of `a/b`",
        "await post({ mode: 'no-cors', body: blob('a/b') })",
    ),
    probe(
        "`no-cors` PUT",
        "await post({ mode: 'no-cors', method: 'PUT' })",
    ),
    probe(
        "`sendBeacon`, `Blob` of `application/json`",
        "navigator.sendBeacon(here, blob('application/json'))",
    ),
    probe(
        "`fetchLater`, `application/json`",
        "fetchLater(here, { method: 'POST', ...json, activateAfter: 0 })",
    ),
    probe(
        "form, GET",
        "const form = add('form', { action: here }); setTimeout(() => form.submit())",
    ),
    probe(
        "link that is followed",
        "setTimeout(() => { location = here })",
    ),
    probe("`<iframe>`", "add('iframe', { src: here })"),
    probe("`<img>`", "add('img', { src: here })"),
    probe(
        "`<img crossorigin>`",
        "add('img', { crossOrigin: 'anonymous', src: here })",
    ),
    probe("`<script>`", "add('script', { src: here })"),
    probe(
        "`<link rel=prefetch>`",
        "add('link', { rel: 'prefetch', href: here })",
    ),
    probe(
        "`<link rel=modulepreload>`",
        "add('link', { rel: 'modulepreload', href: here })",
    ),
    probe(
        "`<link rel=preload as=fetch crossorigin>`",
        "add('link', { rel: 'preload', as: 'fetch', crossOrigin: 'anonymous', href: here })",
    ),
    probe(
        "`no-cors` GET",
        "await fetch(here, { mode: 'no-cors', credentials: 'include' })",
    ),
    probe(
        "`EventSource`",
        "const source = new EventSource(here); source.onerror = () => source.close()",
    ),
    probe(
        "`EventSource`, `withCredentials`",
        "const source = new EventSource(here, { withCredentials: true }); source.onerror = () => source.close()",
    ),
    probe("`WebSocket`", "new WebSocket(here.replace('http', 'ws'))"),
];

/// Reports that are sent only over TLS, or not at all.
pub(crate) const OVER_TLS: &[Probe] = &[
    report(
        "CSP `report-uri`",
        "content-security-policy=connect-src 'none'; report-uri HERE",
    ),
    report(
        "CSP `report-to`, `Reporting-Endpoints`",
        "content-security-policy=connect-src 'none'; report-to here&reporting-endpoints=here=\"HERE\"",
    ),
    report(
        "CSP `report-to`, `Report-To`",
        "content-security-policy=connect-src 'none'; report-to old&report-to={\"group\":\"old\",\"max_age\":60,\"endpoints\":[{\"url\":\"HERE\"}]}",
    ),
    report(
        "Network Error Logging",
        "nel={\"report_to\":\"nel\",\"max_age\":60,\"success_fraction\":1.0}&report-to={\"group\":\"nel\",\"max_age\":60,\"endpoints\":[{\"url\":\"HERE\"}]}",
    ),
];

/// Requests of script that reads the response.
pub(crate) const FETCH: &[Probe] = &[
    probe("GET", "await post({ method: 'GET' })"),
    probe(
        "GET, `omit`",
        "await post({ method: 'GET', credentials: 'omit' })",
    ),
    probe(
        "GET with `Content-Type: application/json`",
        "await post({ method: 'GET', headers: json.headers })",
    ),
    probe("HEAD", "await post({ method: 'HEAD' })"),
    probe("POST, nothing", "await post({})"),
    probe("POST, string", "await post({ body: 'a' })"),
    probe("POST, bytes", "await post({ body: new Uint8Array([1]) })"),
    probe("POST, `application/json`", "await post(json)"),
    probe(
        "POST, `Blob` of `application/json`",
        "await post({ body: blob('application/json') })",
    ),
    probe(
        "POST, `application/json`, `keepalive`",
        "await post({ ...json, keepalive: true })",
    ),
    probe(
        "POST, `application/json`, in a sandboxed frame",
        "sandboxed(run(`fetch('${here}', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })`))",
    ),
    probe("PUT", "await post({ method: 'PUT' })"),
    probe("DELETE", "await post({ method: 'DELETE' })"),
    probe(
        "`XMLHttpRequest`, POST, string",
        "const request = new XMLHttpRequest(); request.open('POST', here); request.withCredentials = true; request.send('a')",
    ),
    probe(
        "`XMLHttpRequest`, POST, string, upload watched",
        "const request = new XMLHttpRequest(); request.upload.onprogress = () => 0; request.open('POST', here); request.withCredentials = true; request.send('a')",
    ),
];

/// Requests that are redirected.
pub(crate) const REDIRECTED: &[Probe] = &[
    probe("POST, `application/json`", "await post(json)"),
    probe("POST, string", "await post({ body: 'a' })"),
    probe("PUT", "await post({ method: 'PUT' })"),
    probe(
        "`no-cors` POST, string",
        "await post({ mode: 'no-cors', body: 'a' })",
    ),
    probe("`sendBeacon`, string", "navigator.sendBeacon(here, 'a')"),
    probe("form, `text/plain`", "submit('text/plain')"),
];

macro_rules! spellings {
    ($($value:literal)*) => {
        &[$(probe(
            concat!("`", $value, "`"),
            concat!("await post({ body: 'a', headers: { 'content-type': '", $value, "' } })"),
        )),*]
    };
}

/// Values of `Content-Type`.
pub(crate) const SPELLINGS: &[Probe] = spellings!(
    "text/plain"
    "TEXT/Plain"
    "text/plain;charset=utf-8"
    "text/plain ; charset=utf-8"
    "text/plain;"
    "text/plain; application/json"
    "text/plain;x=y;z"
    "text/plain;,application/json"
    "text/plain,application/json"
    "text/plain, text/plain"
    "text/plain; charset=\"utf-8\""
    "text/plain; a=(b)"
    "text /plain"
    "text/plain x"
    "text"
    "multipart/form-data"
    "multipart/form-data; boundary=a"
    "multipart/form-data; boundary=\"a\""
    "application/x-www-form-urlencoded; charset=UTF-8"
    "multipart/mixed"
    "text/html"
    "text/ping"
    "application/csp-report"
    "application/reports+json"
    "application/octet-stream"
    // 128 and 129 bytes.
    "text/plain;a=0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234"
    "text/plain;a=01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345"
);
