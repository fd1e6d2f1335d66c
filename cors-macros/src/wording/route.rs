use cors_rules::{Rule, Violation};

use super::{shown, violation};

fn invalid_route(what: impl Into<String>) -> Violation {
    violation(
        Rule::InvalidRoute,
        "",
        what,
        "actix-web would refuse this route attribute as well",
    )
}

pub(crate) fn several_routes(first: &str, second: &str) -> Violation {
    invalid_route(format!(
        "`#[{first}]` and `#[{second}]` need `#[routes]` above them"
    ))
    .help("`#[cors(…)]`, below it `#[routes]`, below that the route attributes")
}

pub(crate) fn routes_without_route() -> Violation {
    invalid_route("`#[routes]` has no route attribute below it")
        .help("put `#[get(\"/path\")]` below it")
}

pub(crate) fn unreadable_route(name: &str, error: &str) -> Violation {
    invalid_route(format!("`#[{name}]` cannot be read: {}", shown(error))).help(format!(
        "`#[{name}(\"/path\")]`, with `name`, `guard` and `wrap` as strings if needed"
    ))
}

pub(crate) fn invalid_pattern(pattern: &str, why: &str) -> Violation {
    invalid_route(format!(
        "`{}` is not a path pattern: {}",
        shown(pattern),
        shown(why)
    ))
    .help("a path such as `\"/items/{id}\"`")
}

pub(crate) fn route_without_method() -> Violation {
    invalid_route("`#[route]` states no method").help("`#[route(\"/path\", method = \"GET\")]`")
}

pub(crate) fn route_option_without_string(key: &str) -> Violation {
    invalid_route(format!("`{key}` of a route attribute takes a string"))
        .help(format!("`{key} = \"…\"`"))
}

pub(crate) fn invalid_guard(found: &str) -> Violation {
    invalid_route(format!(
        "`guard` takes the path of a function, and `{}` is none",
        shown(found)
    ))
    .help("`guard = \"is_internal\"`")
}

pub(crate) fn invalid_wrap(found: &str) -> Violation {
    invalid_route(format!(
        "`wrap` takes an expression, and `{}` is none",
        shown(found)
    ))
    .help("`wrap = \"Compress::default()\"`")
}

pub(crate) fn method_stated_twice() -> Violation {
    invalid_route(
        "`method` goes with `#[route]` only: this attribute states its method by its name",
    )
    .help("`#[route(\"/path\", method = \"GET\", method = \"HEAD\")]` for several methods")
}

pub(crate) fn unknown_route_option(key: &str) -> Violation {
    invalid_route(format!(
        "`{}` is not an option of a route attribute",
        shown(key)
    ))
    .help("the options are `name`, `guard` and `wrap`, each a string")
}
