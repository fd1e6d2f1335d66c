//! A policy that somebody writes on the page: what the compiler would say of it, and what a page
//! would get. The rules are those of the attribute, and the decision is that of a handler.

use std::collections::HashMap;
use std::fmt::Write;
use std::ops::Range;
use std::sync::{LazyLock, Mutex, PoisonError};

use actix_web::{Responder, get, web};
use cors_rules::checked::Origins;
use cors_rules::draft::Element;
use cors_rules::violation::Severity;
use cors_rules::{Checked, Draft, Place, Violation, check, method};
use cors_runtime::decision::{Decision, decide};
// The attribute's output calls `__private`. Your programs have no use for it: the attribute checks.
use cors_runtime::{__private, Policy};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::request::{Imagined, sentence};

/// A policy, and a request to a handler that has it. Lists are separated by commas or blanks.
#[derive(Debug, Deserialize)]
struct Question {
    origins: String,
    credentials: bool,
    headers: String,
    /// The origin of the page.
    page: String,
    method: String,
    /// The names of the headers that script sets.
    sends: String,
    /// True if script says `credentials: "include"`.
    include: bool,
}

/// The elements of a list, without the quotes that people copy along with them.
fn elements(text: &str) -> Vec<&str> {
    text.split(|c: char| c == ',' || c.is_whitespace())
        .map(|element| element.trim_matches(['"', '[', ']']))
        .filter(|element| !element.is_empty())
        .collect()
}

/// The attribute as one line, and where in it each part is, in characters.
struct Line {
    text: String,
    places: HashMap<Place, Range<usize>>,
}

impl Line {
    fn new(origins: &[&str], credentials: bool, headers: &[&str]) -> Self {
        let mut line = Self {
            text: "#[cors(".to_owned(),
            places: HashMap::new(),
        };
        if !origins.is_empty() {
            line.list("origins", origins, Place::Origin);
        }
        if credentials {
            line.separate();
            line.text.push_str("credentials");
        }
        if !headers.is_empty() {
            line.list("allow_headers", headers, Place::AllowHeader);
        }
        line.text.push_str(")]");
        line
    }

    fn separate(&mut self) {
        if !self.text.ends_with('(') {
            self.text.push_str(", ");
        }
    }

    fn list(&mut self, name: &str, elements: &[&str], place: fn(usize) -> Place) {
        self.separate();
        self.text.push_str(name);
        self.text.push_str(" = [");
        for (i, element) in elements.iter().enumerate() {
            if i > 0 {
                self.text.push_str(", ");
            }
            let start = self.text.chars().count();
            // To write into a `String` cannot fail.
            let _ = write!(self.text, "{element:?}");
            self.places
                .insert(place(i), start..self.text.chars().count());
        }
        self.text.push(']');
    }

    /// A violation, as the compiler shows it.
    fn message(&self, violation: &Violation) -> String {
        let whole = 0..self.text.chars().count();
        let Range { start, end } = self.places.get(&violation.place).unwrap_or(&whole);
        let severity = match violation.rule.severity() {
            Severity::Error => "error: ".to_owned(),
            Severity::Warning => {
                format!("warning: use of deprecated macro `{}`: ", violation.rule)
            }
        };
        let (text, carets) = (&self.text, "^".repeat(end - start));
        let (blanks, column) = (" ".repeat(*start), start + 1);
        format!(
            "{severity}{violation}\n --> src/main.rs:1:{column}\n  |\n1 | {text}\n  | {blanks}{carets}"
        )
    }
}

/// The policy that the attribute would write. Policies live as long as the program, so there is a
/// limit to how many it makes.
fn policy(text: &str, checked: &Checked<'_>, credentials: bool) -> Option<&'static Policy> {
    const MOST: usize = 1_000;
    static POLICIES: LazyLock<Mutex<HashMap<String, &'static Policy>>> =
        LazyLock::new(Mutex::default);
    let mut policies = POLICIES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(policy) = policies.get(text) {
        return Some(policy);
    }
    if policies.len() >= MOST {
        return None;
    }
    let leak = |text: &str| -> &'static str { text.to_owned().leak() };
    let mut policy = __private::policy();
    policy = match &checked.origins {
        Origins::Any => policy.any_origin(),
        Origins::Listed(list) => {
            let [exact, patterns] = [&list.exact, &list.patterns].map(|list| {
                list.iter()
                    .map(|entry| leak(entry.value))
                    .collect::<Vec<_>>()
            });
            policy.origins(exact.leak(), patterns.leak())
        }
        Origins::Reflected | Origins::Inherited => return None,
    };
    let names: Vec<_> = checked
        .allow_headers
        .iter()
        .map(|name| leak(name))
        .collect();
    let policy = policy
        .allow_headers(checked.allow_any_header, names.leak())
        .credentials(credentials)
        .policy;
    let policy = Box::leak(Box::new(policy));
    policies.insert(text.to_owned(), policy);
    Some(policy)
}

/// The outcome for a page: sentences, and whether script reads the response.
fn outcome(policy: &Policy, question: &Question) -> Value {
    const METHODS: &[&[&str]] = &[&["GET"], &["POST"], &["PUT"], &["PATCH"], &["DELETE"]];
    let asked = question.method.as_str();
    let Some(&methods) = METHODS.iter().find(|methods| methods.contains(&asked)) else {
        return json!({ "problem": "The method is one of GET, POST, PUT, PATCH and DELETE." });
    };
    let (sends, page) = (elements(&question.sends), question.page.trim());
    let headers = sends.join(",");
    let decide = |is_preflight| {
        let request = Imagined {
            method: asked,
            origin: page,
            headers: &headers,
            is_preflight,
        };
        decide(policy, methods, &request).answered_by(|_, _| false)
    };
    let mut steps = Vec::new();
    let asks = !method::is_safelisted(asked) || !sends.is_empty();
    let preflight = asks.then(|| decide(true));
    let mut is_sent = true;
    if let Some(preflight) = preflight {
        is_sent = matches!(preflight, Decision::Preflight(Ok(_)));
        steps.push(sentence(preflight));
    }
    if is_sent && asks && question.include && !policy.credentials() {
        is_sent = false;
        steps.push(
            "But it does not allow `credentials`, which the page asks for, so the browser does not send the request."
                .to_owned(),
        );
    }
    let mut is_read = false;
    if is_sent {
        let decision = decide(false);
        is_read = matches!(decision, Decision::Run(Ok(_)));
        steps.push(sentence(decision));
        if is_read && question.include && !policy.credentials() {
            is_read = false;
            steps.push(
                "But the page asks for `credentials`, and the policy has none: the handler runs, and the \
                 browser keeps the response from script."
                    .to_owned(),
            );
        }
    }
    json!({
        "steps": steps,
        "read": is_read,
        "explained": policy.explain(asked, page, &sends),
    })
}

fn answer(question: &Question) -> Value {
    let (origins, headers) = (elements(&question.origins), elements(&question.headers));
    let line = Line::new(&origins, question.credentials, &headers);
    let draft = Draft {
        origins: (!origins.is_empty())
            .then(|| origins.iter().copied().map(Element::Text).collect()),
        credentials: question.credentials,
        allow_headers: headers,
        ..Draft::default()
    };
    let (checked, violations) = check(&draft);
    let count = |severity| {
        let of_kind = |violation: &&Violation| violation.rule.severity() == severity;
        violations.iter().filter(of_kind).count()
    };
    let outcome = checked.map(|checked| {
        policy(&line.text, &checked, question.credentials).map_or_else(
            || json!({ "problem": "These are enough policies for one run. Start the playground again." }),
            |policy| outcome(policy, question),
        )
    });
    json!({
        "attribute": line.text,
        "errors": count(Severity::Error),
        "warnings": count(Severity::Warning),
        "messages": violations.iter().map(|violation| line.message(violation)).collect::<Vec<_>>(),
        "outcome": outcome,
    })
}

/// Decides on a policy and a request, and changes nothing.
#[get("/written")]
async fn written(question: web::Query<Question>) -> impl Responder {
    web::Json(answer(&question))
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.service(written);
}
