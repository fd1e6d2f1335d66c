//! Apps, requests, and what happens.

use std::sync::PoisonError;

use actix_web::{guard, web};

use super::Then::{Granted, Passed, Refused, Unreached};
use super::{ALONE, APP, OTHER, annotated, plain, try_all};
use super::{
    by_hand, by_id, by_regex, by_two, empty, guarded, guarded_by_id, me, my_other, nobody,
    only_guarded, put_by_id, put_empty, put_me, regex_tail, several_methods, several_routes, slash,
    tail, unguarded, unusual,
};

#[test]
#[allow(clippy::too_many_lines)] // a table
fn a_preflight_is_granted_only_for_a_handler_that_takes_the_request() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let long = format!("/{}", "a".repeat(30_000));
    try_all(
        "the root",
        |app| {
            app.service(slash)
                .service(me)
                .service(by_id)
                .service(put_by_id);
        },
        &[
            ("GET", "/", APP, Granted("slash")),
            ("GET", "/?a=b", APP, Granted("slash")),
            ("GET", "/me", APP, Granted("me")),
            ("GET", "/m%65", APP, Granted("me")),
            ("PUT", "/me", APP, Granted("put_by_id")),
            ("GET", "/7", OTHER, Refused),
            ("GET", &long, APP, Granted("by_id")),
            ("GET", "/a%2Fb", APP, Granted("by_id")),
            ("GET", "/%00GET", APP, Granted("by_id")),
            ("GET", "/me/%00GET", APP, Passed),
            ("PUT", "/me/%00GET", APP, Passed),
            ("GET", "/7/%00GET/%00GET", APP, Passed),
            ("GET", "//", APP, Unreached),
            ("HEAD", "/me", APP, Passed),
            ("get", "/me", APP, Passed),
            ("OPTIONS", "/me", APP, Passed),
            ("", "/me", APP, Passed),
            ("*", "/me", APP, Passed),
            ("GET/\\0GET", "/me", APP, Passed),
            ("GET, PUT", "/me", APP, Passed),
        ],
    );
    try_all(
        "scopes",
        |app| {
            app.service(
                web::scope("/a").service(empty).service(slash).service(
                    web::scope("/{b}")
                        .service(
                            web::scope(r"/v{version:\d+}")
                                .service(empty)
                                .service(by_id)
                                .service(by_regex)
                                .default_service(web::to(plain)),
                        )
                        .service(tail),
                ),
            );
            app.service(
                web::scope("/a")
                    .service(put_me)
                    .default_service(web::to(plain)),
            );
            app.service(web::scope("/c/").service(me).service(empty));
            app.service(web::scope("").service(me).service(empty));
        },
        &[
            ("GET", "/a", APP, Granted("empty")),
            ("GET", "/a/", APP, Granted("slash")),
            ("GET", "/a/b/v1", APP, Granted("empty")),
            ("GET", "/a/b/v12/x", APP, Granted("by_id")),
            ("GET", "/a/b/v1/0123abcd/de", APP, Granted("by_regex")),
            ("GET", "/a/b/v1/0123abcd/deu", APP, Passed),
            ("GET", "/a/b/v1/x/y/z", APP, Passed),
            ("PUT", "/a/b/v1/x", APP, Passed),
            ("GET", "/a/b/c/d/e", APP, Granted("tail")),
            ("GET", "/a/b/v1x", APP, Granted("tail")),
            // The first scope takes what has its prefix.
            ("PUT", "/a/me", APP, Passed),
            ("GET", "/me", APP, Granted("me")),
            ("GET", "/ab", APP, Passed),
        ],
    );
    try_all(
        "a scope beside a parameter",
        |app| {
            app.service(
                web::scope(r"/{a:\d+}")
                    .service(web::scope(r"/{b:\d+}").service(empty))
                    .service(by_id)
                    .service(web::scope("/{c}").service(tail)),
            );
        },
        &[
            ("GET", "/1/2", APP, Granted("empty")),
            ("GET", "/1/a", APP, Granted("by_id")),
            ("GET", "/1/a/b/c", APP, Granted("tail")),
        ],
    );
    try_all(
        "tails",
        |app| {
            app.service(put_me).service(tail);
        },
        &[
            ("GET", "/me", APP, Granted("tail")),
            ("GET", "/", APP, Granted("tail")),
            ("GET", "/a/%00GET", APP, Passed),
            ("GET", "/me/%00PUT", APP, Passed),
            ("PUT", "/me", APP, Granted("put_me")),
            ("PUT", "/me/%00GET", APP, Passed),
        ],
    );
    try_all(
        "what follows the path",
        |app| {
            app.service(by_two).service(by_id).service(
                web::scope("/files")
                    .service(tail)
                    .service(empty)
                    .service(put_empty),
            );
            app.route("/dir/{tail}*", web::get().to(plain))
                .service(web::scope("/dir").service(empty));
            app.service(web::resource("/{a}/{b}/{c}").to(plain))
                .service(put_by_id);
        },
        &[
            ("GET", "/7", APP, Granted("by_id")),
            ("GET", "/7/8", APP, Granted("by_two")),
            ("PUT", "/7", APP, Granted("put_by_id")),
            ("GET", "/files", APP, Granted("by_id")),
            ("PUT", "/files", APP, Granted("put_empty")),
            ("GET", "/files/a", APP, Granted("by_two")),
            ("GET", "/files/a/b", APP, Granted("tail")),
            ("GET", "/a/b/c", APP, Passed),
        ],
    );
    try_all(
        "a tail before what it follows",
        |app| {
            app.service(
                web::scope("/files")
                    .service(tail)
                    .service(empty)
                    .service(put_empty),
            );
        },
        &[
            ("GET", "/files", APP, Granted("empty")),
            ("PUT", "/files", APP, Granted("put_empty")),
            ("GET", "/files/", APP, Granted("tail")),
            ("PUT", "/files/a", APP, Passed),
        ],
    );
    try_all(
        "several routes and methods",
        |app| {
            app.service(several_routes)
                .service(several_methods)
                .service(unusual);
            app.service(annotated::inside)
                .service(annotated::also_inside)
                .service(by_hand::at("/hand"));
        },
        &[
            ("GET", "/one", APP, Granted("several_routes")),
            ("PUT", "/one", APP, Passed),
            ("PUT", "/two", APP, Granted("several_routes")),
            ("POST", "/two", APP, Granted("several_routes")),
            ("PUT", "/many", APP, Granted("several_methods")),
            ("PURGE", "/many", APP, Granted("several_methods")),
            ("POST", "/many", APP, Passed),
            ("GET", "/in/7", APP, Granted("inside")),
            ("POST", "/in/7", APP, Granted("also_inside")),
            ("PATCH", "/hand", APP, Granted("by_hand")),
            ("POST", "/hand", APP, Passed),
            (
                "GET",
                "/gr%C3%B6%C3%9Fe%20and%20more",
                APP,
                Granted("unusual"),
            ),
        ],
    );
    try_all(
        "an unannotated route comes first",
        |app| {
            app.service(web::resource("/me").route(web::put().to(plain)))
                .route("/other", web::get().to(plain))
                .service(put_me)
                .service(by_id)
                .service(put_by_id);
        },
        &[
            ("PUT", "/me", APP, Passed),
            ("GET", "/me", APP, Passed),
            ("GET", "/other", APP, Passed),
            ("PUT", "/others", APP, Granted("put_by_id")),
        ],
    );
    try_all(
        "an unannotated tail comes first",
        |app| {
            app.service(web::resource("/a/{tail}*").to(plain))
                .service(web::scope("/a").service(me))
                .service(regex_tail);
        },
        &[
            ("GET", "/a/me", APP, Passed),
            ("GET", "/a/", APP, Passed),
            ("GET", "/b", APP, Granted("regex_tail")),
        ],
    );
    try_all(
        "an unannotated route comes last",
        |app| {
            app.service(me)
                .service(only_guarded)
                .route("/me", web::put().to(plain))
                .service(web::resource("/{id}").to(plain));
        },
        &[
            ("GET", "/me", APP, Granted("me")),
            ("PUT", "/me", APP, Passed),
            ("GET", "/7", APP, Passed),
        ],
    );
    try_all(
        "an unannotated scope comes between handlers",
        |app| {
            app.service(put_by_id).service(put_me);
            app.service(web::scope("/me").route("", web::get().to(plain)));
            app.service(me).service(by_id);
        },
        &[
            ("GET", "/me", APP, Passed),
            ("PUT", "/me", APP, Granted("put_by_id")),
            ("GET", "/7", APP, Granted("by_id")),
        ],
    );
    try_all(
        "none",
        |app| {
            app.service(nobody).service(by_id);
        },
        &[("GET", "/me", APP, Refused), ("GET", "/7", OTHER, Refused)],
    );
    try_all(
        "versions by header",
        |app| {
            let version = |value| guard::Header("x-version", value);
            app.service(web::scope("/v").guard(version("1")).service(me))
                .service(web::scope("/v").guard(version("2")).service(my_other))
                .service(web::scope("/v").service(nobody))
                .service(
                    web::scope("/w")
                        .guard(guard::Not(version("1")))
                        .service(unguarded),
                )
                .service(web::scope("/w").guard(version("1")).service(me));
        },
        &[
            ("GET", "/v/me", APP, Refused),
            ("GET", "/v/me", OTHER, Refused),
            ("GET", "/w/me", APP, Granted("unguarded")),
            ("GET", "/w/me", OTHER, Refused),
        ],
    );
    try_all(
        "versions in scopes with parameters",
        |app| {
            let version = |value| guard::Header("x-version", value);
            let scope = |prefix, value| web::scope(prefix).guard(version(value));
            app.service(scope("/v/{a}", "1").service(me))
                .service(scope("/v/{b}", "2").service(my_other))
                .service(scope("/w/{a}", "1").service(by_id))
                .service(scope("/w/{b}", "2").service(nobody))
                .service(scope("/x", "1").service(by_id))
                .service(scope("/x", "2").service(my_other))
                .service(scope("/y/{a:en|de}", "1").service(me))
                .service(scope("/y/{b:en|de}", "2").service(my_other));
        },
        &[
            ("GET", "/v/a/me", APP, Refused),
            ("GET", "/v/a/me", OTHER, Refused),
            ("GET", "/y/en/me", APP, Refused),
            // Not seen: different paths in such scopes. The first scope takes the request, unless
            // its guard declines it.
            ("GET", "/w/a/me", APP, Unreached),
            ("GET", "/x/me", APP, Unreached),
        ],
    );
    try_all(
        "a prefix that takes few values",
        |app| {
            app.service(
                web::scope("/{lang:en|de}")
                    .service(web::resource("/{any}").route(web::put().to(plain)))
                    .service(me)
                    .service(put_me),
            )
            .service(
                web::scope("/{size:small|big}")
                    .service(me)
                    .service(put_empty)
                    .service(empty),
            );
        },
        &[
            ("GET", "/en/me", APP, Passed),
            ("PUT", "/en/me", APP, Passed),
            ("GET", "/fr/me", APP, Passed),
            ("GET", "/small/me", APP, Granted("me")),
            ("GET", "/small/me", OTHER, Refused),
            ("GET", "/small", APP, Granted("empty")),
            ("PUT", "/small", APP, Granted("put_empty")),
        ],
    );
    try_all(
        "guards on routes",
        |app| {
            app.service(guarded)
                .service(guarded_by_id)
                .service(unguarded)
                .service(web::scope("/x").service(guarded_by_id).service(nobody));
        },
        &[
            ("GET", "/me", APP, Granted("unguarded")),
            ("GET", "/me", OTHER, Refused),
            ("GET", "/x/me", APP, Refused),
        ],
    );
}
