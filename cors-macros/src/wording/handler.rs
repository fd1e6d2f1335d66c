use cors_rules::{Rule, Violation};

use super::violation;

pub(crate) fn not_a_function() -> Violation {
    violation(
        Rule::NotAHandler,
        "",
        "`#[cors]` is neither on a function nor on a module",
        "it states the policy of a handler, or of the handlers in a module, and applies to nothing else",
    )
    .help("put it above the route attribute of an `async fn`")
}

pub(crate) fn closure_as_handler() -> Violation {
    violation(
        Rule::NotAHandler,
        "",
        "`#[cors]` is on a closure",
        "what belongs to a handler is found under its name, and a closure has none",
    )
    .help("write an `async fn` with `#[cors(…, methods = [\"GET\"])]`, and register it with `at`")
}

pub(crate) fn in_an_impl(name: &str) -> Violation {
    violation(
        Rule::NotAHandler,
        name,
        format!("`{name}` is in an `impl`"),
        "what belongs to a handler is found under a type of its name, and no type can be defined there",
    )
    .help("make it a free `async fn`, and name the type instead of `Self`")
}

pub(crate) fn method_as_handler(name: &str) -> Violation {
    violation(
        Rule::NotAHandler,
        name,
        format!("`{name}` is a method"),
        "actix-web calls a handler with what it extracts from a request, and nothing else",
    )
    .help("make it a free `async fn`, and take the rest as `web::Data<…>`")
}

pub(crate) fn not_async(name: &str) -> Violation {
    violation(
        Rule::NotAHandler,
        name,
        format!("`{name}` is not `async`"),
        "actix-web awaits what a handler returns",
    )
    .help(format!("`async fn {name}(…)`"))
}

pub(crate) fn returns_nothing(name: &str) -> Violation {
    violation(
        Rule::NotAHandler,
        name,
        format!("`{name}` returns nothing"),
        "actix-web makes the response from what a handler returns",
    )
    .help("`-> impl Responder`")
}

pub(crate) fn reserved_name(name: &str) -> Violation {
    violation(
        Rule::NotAHandler,
        name,
        format!("a handler without a route attribute cannot be named `{name}`"),
        "what belongs to the handler is found under its name, and this is the name of a part of it",
    )
    .help("give it another name")
}

pub(crate) fn no_route(name: &str) -> Violation {
    violation(
        Rule::NoRoute,
        name,
        format!("`{name}` has no route attribute below `#[cors]`"),
        "a preflight asks for a method, and the route states it; attributes above `#[cors]` are not visible to it",
    )
    .help(format!("is `#[get]` or `#[routes]` above? move `#[cors]` above it; is it registered with `.to({name})`? state `methods = [\"GET\"]` and register it with `{name}::at(\"/path\")`"))
}

/// An attribute below `#[cors]` that looks like a route attribute under another name.
pub(crate) fn renamed_route(name: &str, attribute: &str) -> Violation {
    violation(
        Rule::NoRoute,
        name,
        format!("`{name}` has no route attribute that `#[cors]` knows"),
        format!("a macro sees names only, so it cannot tell what `#[{attribute}]` stands for"),
    )
    .help(format!("is it a route attribute? use actix-web's own name, such as `#[get(\"/path\")]`; is the handler registered with `.to({name})`? state `methods = [\"GET\"]` and register it with `{name}::at(\"/path\")`"))
}

pub(crate) fn empty_methods() -> Violation {
    violation(
        Rule::NoRoute,
        "[]",
        "`methods` is empty",
        "no preflight could ever be granted",
    )
    .help("list the methods that the handler is registered for: `methods = [\"GET\"]`")
}

pub(crate) fn methods_with_route(route: &str) -> Violation {
    violation(
        Rule::MethodsWithRoute,
        "methods",
        format!("`methods` is given beside `#[{route}]`"),
        "the route attribute states the method already, and the two could disagree",
    )
    .help("remove `methods`")
}

pub(crate) fn repeated_cors() -> Violation {
    violation(
        Rule::RepeatedCors,
        "cors",
        "there is another `#[cors]` on this item",
        "a handler has one policy, and two are not merged",
    )
    .help("keep one")
}
