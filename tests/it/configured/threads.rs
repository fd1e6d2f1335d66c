//! Many threads set a policy while many others are answered under it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use cors_runtime::decision::{Endpoint, Field, Methods, Request};
use cors_runtime::response::{Action, action};

use super::*;

static API: ConfiguredPolicy = ConfiguredPolicy::new();
static STATED: Policy = policy!(configured = API);

/// A preflight of `APP`.
struct Preflight;

impl Request for Preflight {
    fn method(&self) -> &'static str {
        "OPTIONS"
    }

    fn authority(&self) -> Option<&str> {
        None
    }

    fn path(&self) -> &'static str {
        "/"
    }

    fn lines(&self, field: Field) -> impl Iterator<Item = &[u8]> {
        let line = match field {
            Field::Origin => Some(APP),
            Field::AccessControlRequestMethod => Some("PUT"),
            Field::AccessControlRequestHeaders => Some("x-a"),
            _ => None,
        };
        line.map(str::as_bytes).into_iter()
    }
}

#[test]
fn no_response_mixes_two_policies() {
    const READS: usize = 5_000;
    const MOST_SETS: usize = 1_000;
    // Of each pair of properties, every policy has its own combination.
    let with_credentials = PolicyConfig {
        credentials: true,
        max_age: Some(11),
        allow_headers: owned(&["x-a"]),
        ..origins(&[APP])
    };
    let of_anyone = PolicyConfig {
        max_age: Some(22),
        allow_headers: owned(&["*"]),
        ..origins(&["*"])
    };
    let of_another = PolicyConfig {
        credentials: true,
        max_age: Some(33),
        ..origins(&[OTHER])
    };
    let configs = [with_credentials, of_anyone, of_another];
    API.set(configs[0].clone()).expect("a policy");
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        for config in &configs {
            scope.spawn(|| {
                for _ in 0..MOST_SETS {
                    API.set(config.clone()).expect("a policy");
                    if is_over.load(Ordering::Relaxed) {
                        break;
                    }
                }
            });
        }
        let readers: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    let mut seen = [0; 3];
                    for i in 0..READS {
                        // At times, the policy is sure to be set in the middle of a request.
                        let response = responded(|| {
                            if i % 100 == 0 {
                                let config = configs[i / 100 % 3].clone();
                                API.set(config).expect("a policy");
                            }
                        });
                        let which = RESPONSES.iter().position(|other| *other == response);
                        let which = which.unwrap_or_else(|| panic!("a mixture: {response}"));
                        seen[which] += 1;
                    }
                    seen
                })
            })
            .collect();
        let seen = readers
            .into_iter()
            .map(|reader| reader.join().expect("no mixture"));
        let seen = seen.fold([0; 3], |sum, seen| {
            std::array::from_fn(|i| sum[i] + seen[i])
        });
        is_over.store(true, Ordering::Relaxed);
        assert_eq!(seen.iter().sum::<usize>(), 3 * READS);
        assert!(
            seen.iter().filter(|count| **count > 0).count() > 1,
            "{seen:?}"
        );
    });
}

/// The responses under each configuration: the status and the fields.
const RESPONSES: [&str; 3] = [
    "204 access-control-allow-origin=Echo(Origin) access-control-allow-credentials=Text(\"true\") \
     access-control-allow-methods=Echo(AccessControlRequestMethod) \
     access-control-allow-headers=Echo(AccessControlRequestHeaders) \
     access-control-max-age=Text(\"11\")",
    "204 access-control-allow-origin=Text(\"*\") \
     access-control-allow-methods=Echo(AccessControlRequestMethod) \
     access-control-allow-headers=Echo(AccessControlRequestHeaders) \
     access-control-max-age=Text(\"22\")",
    "403",
];

fn responded(meanwhile: impl Fn()) -> String {
    let endpoint = Endpoint::new("threads handler", &STATED, Methods::These(&["PUT"]));
    let decision = endpoint
        .decide(&Preflight)
        .without_waiting()
        .expect("no source");
    meanwhile();
    let Action::Respond(response) = action(endpoint, decision, &Preflight, false) else {
        panic!("a preflight is never run");
    };
    let mut responded = vec![response.status.to_string()];
    (response.headers)
        .for_each_field(|field, value| responded.push(format!("{}={value:?}", field.name())));
    responded.join(" ")
}
