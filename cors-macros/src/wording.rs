//! The messages about mistakes that only the macro sees. `cors-rules` words the rules about values.

use std::fmt::Display;

use cors_rules::{Place, Rule, Violation};

/// `message(what, it, quotes) Rule: what, why, help;` Each text is a format string.
///
/// Helps that depend on more than the quotes are added by the callers.
macro_rules! messages {
    ($($message:ident($($quote:ident),*) $rule:ident: $what:literal, $why:literal $(, $help:literal)?;)*) => {
        $(pub(crate) fn $message($($quote: &dyn Display),*) -> Violation {
            Violation::new(Rule::$rule, Place::Policy, "", format!($what), format!($why))
                $(.help(format!($help)))?
        })*
    };
    (why $why:literal;
        $($message:ident($($quote:ident),*) $rule:ident: $what:literal $(, $help:literal)?;)*) => {
        messages! {
            $($message($($quote),*) $rule: $what, $why $(, $help)?;)*
        }
    };
}

// Arguments.
messages! {
    unknown_argument(argument, form, known) UnknownArgument:
        "`{argument}` is not an argument of `{form}`",
        "its arguments are `{known}`";

    duplicate_argument(name, first) DuplicateArgument:
        "`{name}` is given twice",
        "the first is {first}; it is unclear which one you meant",
        "keep one";

    policy_of_policy(path) InvalidValue:
        "`{path}` is another policy",
        "`policy!` states a policy, and takes another one as its base only",
        "`..{path}` for what is not stated here; or name it where it is used: `#[cors({path})]`";

    beside_none() InvalidValue:
        "`none` is combined with other arguments",
        "it allows no origin, so the others would do nothing; only `enforce` has an effect beside it",
        "`none` or `none, enforce`; or the others without `none`";

    beside_shared_policy(name, policy) DuplicateArgument:
        "`{name}` is given beside the policy `{policy}`",
        "a handler has one policy, and two are not merged",
        "`{name} …, ..{policy}` takes the rest from `{policy}`";

    invalid_configured(meant) InvalidValue:
        "`configured` takes the path of a `static`",
        "it is a `ConfiguredPolicy`, which is set when the program starts",
        "{meant}";

    beside_configured(name, key) InvalidValue:
        "`{name}` is given beside `configured`",
        "the configuration states the whole policy, and two are not merged",
        "remove it, and set `{key}` in the configuration";

    none_beside_configured() InvalidValue:
        "`none` is given beside `configured`",
        "the configuration states the whole policy, and without `origins` it allows no one",
        "keep one";

    policy_beside_configured(path) DuplicateArgument:
        "the policy `{path}` is given beside `configured`",
        "a handler has one policy, and two are not merged",
        "keep one";

    half_path(path) InvalidValue:
        "`{path}` is not a whole path",
        "a shared policy is named by the path of its `static`",
        "`{path}PARTNERS`";

    invalid_base(meant) InvalidValue:
        "`..` takes the path of a shared policy",
        "the policy there states what is left out here",
        "`..{meant}`";

    base_not_last(base) InvalidValue:
        "`..{base}` is not last",
        "it states what is left out, as in Rust's struct update",
        "put `..{base}` at the end, without a comma after it";

    dev_origins_without_origins() InvalidValue:
        "`dev_origins` is given without `origins`",
        "the two are one list in two builds, so they are taken from the base together or not at all",
        "state `origins` here too";

    missing_comma(after, separated) InvalidValue:
        "a comma is missing before `{after}`",
        "{separated} are separated by commas",
        "put one there: `, {after}`";

    trailing_tokens(found, argument) InvalidValue:
        "`{found}` does not belong to `{argument}`",
        "an argument has one value, and a comma after it",
        "remove it, or put a comma before it";

    after_element(found, argument) InvalidValue:
        "`{found}` does not belong to `{argument}`",
        "an element is one value, and the macro cannot evaluate code",
        "remove it";

    flag_with_value(name) InvalidValue:
        "`{name}` takes no value",
        "it is a flag: a policy has it if it is written, and does not have it otherwise";

    flag_beside_base(name) InvalidValue:
        "`{name}` takes no value but `false`",
        "it is a flag: a policy has it if it is written, and that of its base if it is left out";

    several_dangers(first, both) DuplicateArgument:
        "`danger` is given twice",
        "the first is {first}; one holds them all, so that a reviewer finds them in one place",
        "write both in one: `{both}`";

    huge_seconds(seconds) MaxAgeTooLarge:
        "`{seconds}` seconds are more than a day",
        "no browser keeps a preflight response for longer: Firefox caps it at 86400 seconds, Chromium at 7200, WebKit at 600",
        "`86400`, which is a day, or less";

    invalid_value(name, expected, example) InvalidValue:
        "`{name}` takes {expected}",
        "the policy is checked at compile time, so its values are written out here",
        "`{example}`";

    run_time_variable(name) InvalidValue:
        "`{name}` is checked at compile time, and cannot call a function",
        "the environment of the running program is not known yet",
        "`env!(\"NAME\")` takes it from the environment of the build; an `Allowlist` is filled at run time";

    run_time_origin(name) InvalidValue:
        "`{name}` is checked at compile time, and cannot call a function",
        "a pattern states what a regular expression is mostly used for, and can be checked",
        "`\"https://*.example.com\"` allows every subdomain; a `static` of a type that implements `OriginSource` decides on the rest at run time";

    unset_variable(name, why) InvalidValue:
        "the environment variable `{name}` {why}",
        "the origin is taken from the environment of the build, and checked like a literal",
        "`{name}=https://app.example.com cargo build`, or write the origin out";

    unknown_danger(key, known) UnknownDanger:
        "`{key}` is not a danger that can be accepted",
        "the ones that can are `{known}`";

    invalid_danger(known) InvalidValue:
        "`danger` takes keys with reasons, in parentheses",
        "a danger is accepted by its name, one of `{known}`",
        "`danger(insecure_origins = \"…\")`, with the reason why it is harmless";

    danger_without_reason(key) InvalidValue:
        "`{key}` takes a reason in quotes",
        "a reviewer needs to know why this is harmless here, and only you can say it",
        "`{key} = \"…\"`, with the reason why it is harmless";
}

// Handlers.
messages! {
    not_a_function() NotAHandler:
        "`#[cors]` is neither on a function nor on a module",
        "it states the policy of a handler, or of the handlers in a module, and applies to nothing else",
        "put it above the route attribute of an `async fn`";

    closure_as_handler() NotAHandler:
        "`#[cors]` is on a closure",
        "what belongs to a handler is found under its name, and a closure has none",
        "write an `async fn` with `#[cors(…, methods = [\"GET\"])]`, and register it with `at`";

    main_as_handler() NotAHandler:
        "`main` is not a handler",
        "it starts the program, and responds to no request",
        "put `#[cors(…)]` above the route attribute of each handler; `AppCors::otherwise` is a default policy for the rest";

    in_an_impl(name) NotAHandler:
        "`{name}` is in an `impl`",
        "what belongs to a handler is found under a type of its name, and no type can be defined there",
        "make it a free `async fn`, and name the type instead of `Self`";

    method_as_handler(name) NotAHandler:
        "`{name}` is a method",
        "actix-web calls a handler with what it extracts from a request, and nothing else",
        "make it a free `async fn`, and take the rest as `web::Data<…>`";

    qualified_handler(name, qualifier) NotAHandler:
        "`{name}` is `{qualifier}`",
        "actix-web calls a handler for any request, and keeps no promise that it asks for",
        "`async fn {name}(…)`";

    not_async(name) NotAHandler:
        "`{name}` is not `async`",
        "actix-web awaits what a handler returns",
        "`async fn {name}(…)`";

    returns_nothing(name) NotAHandler:
        "`{name}` returns nothing",
        "actix-web makes the response from what a handler returns",
        "put `-> impl Responder` after its parameters";

    reserved_name(name) NotAHandler:
        "a handler without a route attribute cannot be named `{name}`",
        "what belongs to the handler is found under its name, and this is the name of a part of it",
        "give it another name";

    no_route(name) NoRoute:
        "`{name}` has no route attribute below `#[cors]`",
        "a preflight asks for a method, and the route states it; attributes above `#[cors]` are not visible to it",
        "is `#[get]` or `#[routes]` above? move `#[cors]` above it; is it registered with `.to({name})`? state `methods = [\"GET\"]` and register it with `{name}::at(\"/path\")`";

    renamed_route(name, attribute) NoRoute:
        "`{name}` has no route attribute that `#[cors]` knows",
        "a macro sees names only, so it cannot tell what `#[{attribute}]` stands for",
        "is it a route attribute? use actix-web's own name, such as `#[get(\"/path\")]`; is the handler registered with `.to({name})`? state `methods = [\"GET\"]` and register it with `{name}::at(\"/path\")`";

    miscased_route(attribute, meant) NoRoute:
        "`#[{attribute}]` is not a route attribute",
        "the names of actix-web's route attributes are in lower case",
        "`{meant}`";

    empty_methods() NoRoute:
        "`methods` is empty",
        "no preflight could ever be granted",
        "list the methods that the handler is registered for: `methods = [\"GET\"]`";

    methods_with_route(route) MethodsWithRoute:
        "`methods` is given beside `#[{route}]`",
        "the route attribute states the method already, and the two could disagree",
        "remove `methods`";

    repeated_cors() RepeatedCors:
        "there is another `#[cors]` on this item",
        "a handler has one policy, and two are not merged",
        "keep one";

    json_without_content_type(parameter) JsonWithoutContentType:
        "`{parameter}` needs `content-type`, which is not allowed",
        "before it sends `application/json`, a browser asks in a preflight, and every such preflight is refused",
        "put `allow_headers = [\"content-type\"]` into the policy";

    bearer_without_authorization(parameter) BearerWithoutAuthorization:
        "`{parameter}` needs `authorization`, which is not allowed",
        "a browser asks in a preflight before script may send it, and every such preflight is refused; `\"*\"` does not cover it",
        "put `allow_headers = [\"authorization\"]` into the policy";

    session_without_credentials(parameter) SessionWithoutCredentials:
        "`{parameter}` lives in a cookie, and the policy has no `credentials`",
        "script on another origin can neither read a response to a request with cookies, nor store a cookie from one without",
        "`credentials`, with the origins listed one by one";
}

// Modules.
messages! {
    module_without_route(module) NoRoute:
        "no function in `{module}` has a route attribute",
        "on a module, `#[cors]` covers the functions in it that have one, so here it covers nothing",
        "put `#[get(\"/…\")]` above a handler in it, or move `#[cors(…)]` to where the handlers are";

    module_elsewhere(module) NoRoute:
        "`{module}` is in a file of its own, where `#[cors]` does not see it",
        "a macro reads what it stands above, and no other file",
        "in that file, put the handlers into `#[cors(…)] mod handlers {{ … }}` and add `pub use handlers::*;`; or write `mod {module} {{ … }}` here";

    methods_on_module() MethodsWithRoute:
        "`methods` is given on a module",
        "its functions are covered by their route attributes, which state the methods",
        "remove `methods`";

    route_in_macro(attribute) NoRoute:
        "`#[{attribute}]` is in a macro, where `#[cors]` on the module does not cover it",
        "the compiler runs that macro later, and only then is it known what becomes of the handler",
        "put `#[cors(…)]` or `#[cors(none)]` above `#[{attribute}]` in the macro, or move the macro out of the module";

    unknown_attribute(function, attribute) UncoveredHandler:
        "`{function}` is not covered: `#[{attribute}]` is not known as a route attribute",
        "a macro sees names only, so it cannot tell what another name stands for; if this is a route, the handler has no policy",
        "use actix-web's own name, such as `#[post(\"/…\")]`; if this is no route, put `#[allow(deprecated)]` on the module";

    uncovered_handler(function) UncoveredHandler:
        "`{function}` is not covered: it has no route attribute",
        "it looks like a handler that is registered by hand, and such a handler states its own methods",
        "put `#[cors(…, methods = [\"GET\"])]` on it, or `#[cors(none, methods = [\"GET\"])]` if no page on another origin calls it";

    uncovered_module(module) UncoveredHandler:
        "`{module}` is not covered: it is in a file of its own",
        "a macro reads what it stands above, and no other file, so the handlers there have no policy",
        "in that file, put the handlers into `#[cors(…)] mod handlers {{ … }}` and add `pub use handlers::*;`; if none is there, put `#[allow(deprecated)]` on the outer module";
}

// Route attributes.
messages! {
    why "actix-web would refuse this route attribute as well";

    several_routes(first, second) InvalidRoute:
        "`#[{first}]` and `#[{second}]` need `#[routes]` above them",
        "`#[cors(…)]`, below it `#[routes]`, below that the route attributes";

    routes_without_route() InvalidRoute:
        "`#[routes]` has no route attribute below it",
        "put `#[get(\"/path\")]` below it";

    unreadable_route(name, error) InvalidRoute:
        "`#[{name}]` cannot be read: {error}",
        "`#[{name}(\"/path\")]`, with `name`, `guard` and `wrap` as strings if needed";

    invalid_pattern(pattern, why) InvalidRoute:
        "`{pattern}` is not a path pattern: {why}",
        "a path such as `\"/items/{{id}}\"`";

    route_without_method() InvalidRoute:
        "`#[route]` states no method",
        "put `, method = \"GET\"` after the path";

    route_option_without_string(key) InvalidRoute:
        "`{key}` of a route attribute takes a string",
        "`{key} = \"…\"`";

    invalid_guard(found) InvalidRoute:
        "`{found}` is not the path of a function, which `guard` takes",
        "`guard = \"is_internal\"`";

    invalid_wrap(found) InvalidRoute:
        "`{found}` is not an expression, which `wrap` takes",
        "`wrap = \"Compress::default()\"`";

    method_stated_twice() InvalidRoute:
        "`method` goes with `#[route]` only: this attribute states its method by its name",
        "`#[route(\"/path\", method = \"GET\", method = \"HEAD\")]` for several methods";

    methods_of_route(meant) InvalidRoute:
        "`methods` is not an option of a route attribute",
        "`{meant}`";

    unquoted_route_method(meant) InvalidRoute:
        "`method` of a route attribute takes a string",
        "`method = \"{meant}\"`";

    unknown_route_option(key) InvalidRoute:
        "`{key}` is not an option of a route attribute",
        "the options are `name`, `guard` and `wrap`, each a string";
}

messages! {
    several_route_methods(found, meant) InvalidRoute:
        "`{found}` is more than one method",
        "a route attribute takes each method in an option of its own",
        "`{meant}`";

    any_route_method(found) InvalidRoute:
        "`{found}` is not a method that a page sends",
        "methods are compared as they are written, so this is the name of one method and does not stand for all",
        "state each method: `method = \"GET\", method = \"PUT\"`";
}
