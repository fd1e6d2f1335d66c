use cors_rules::{Rule, Violation};

use super::violation;

pub(crate) fn module_without_route(module: &str) -> Violation {
    violation(
        Rule::NoRoute,
        module,
        format!("no function in `{module}` has a route attribute"),
        "on a module, `#[cors]` covers the functions in it that have one, so here it covers nothing",
    )
    .help("put `#[get(\"/…\")]` above a handler in it, or move `#[cors(…)]` to where the handlers are")
}

pub(crate) fn module_elsewhere(module: &str) -> Violation {
    violation(
        Rule::NoRoute,
        module,
        format!("`{module}` is in a file of its own, where `#[cors]` does not see it"),
        "a macro reads what it stands above, and no other file",
    )
    .help(format!("in that file, put the handlers into `#[cors(…)] mod handlers {{ … }}` and add `pub use handlers::*;`; or write `mod {module} {{ … }}` here"))
}

pub(crate) fn methods_on_module() -> Violation {
    violation(
        Rule::MethodsWithRoute,
        "methods",
        "`methods` is given on a module",
        "its functions are covered by their route attributes, which state the methods",
    )
    .help("remove `methods`")
}

pub(crate) fn unknown_attribute(function: &str, attribute: &str) -> Violation {
    violation(
        Rule::UncoveredHandler,
        function,
        format!("`{function}` is not covered: `#[{attribute}]` is not known as a route attribute"),
        "a macro sees names only, so it cannot tell what another name stands for; if this is a route, the handler has no policy",
    )
    .help("use actix-web's own name, such as `#[post(\"/…\")]`; or put `#[cors(…)]` or `#[cors(none)]` on the function")
}

pub(crate) fn uncovered_handler(function: &str) -> Violation {
    violation(
        Rule::UncoveredHandler,
        function,
        format!("`{function}` is not covered: it has no route attribute"),
        "it looks like a handler that is registered by hand, and such a handler states its own methods",
    )
    .help("put `#[cors(…, methods = [\"GET\"])]` on it, or `#[cors(none)]` if no page on another origin calls it")
}

pub(crate) fn uncovered_module(module: &str) -> Violation {
    violation(
        Rule::UncoveredHandler,
        module,
        format!("`{module}` is not covered: it is in a file of its own"),
        "a macro reads what it stands above, and no other file, so the handlers there have no policy",
    )
    .help(format!("in that file, put the handlers into `#[cors(…)] mod handlers {{ … }}` and add `pub use handlers::*;`; or put `#[cors(none)]` above `mod {module};`"))
}
