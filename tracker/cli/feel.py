"""`tracker feel`: how a session or a set felt."""

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.person_option import PersonOption
from tracker.cli.session_number import HIGHEST_NUMBER

if TYPE_CHECKING:
    from tracker.plan.pain import PainAdvice
    from tracker.session.felt_session import FeltSession
    from tracker.store.plans import RuleVerdict

_SCALE = "0 none to 10 the worst you can think of; `none` takes back what was said."


def feel(
    session: Annotated[
        int | None,
        typer.Argument(max=HIGHEST_NUMBER, help="Number of the session; the last one where not given."),
    ] = None,
    set_number: Annotated[
        int | None,
        typer.Option("--set", metavar="N", max=HIGHEST_NUMBER, help="Speak of one set, counted from 1."),
    ] = None,
    pain: Annotated[str | None, typer.Option(help=f"Pain at worst. {_SCALE}")] = None,
    before: Annotated[str | None, typer.Option(help="Pain before the session.")] = None,
    next_morning: Annotated[str | None, typer.Option(help="Pain the next morning.")] = None,
    effort: Annotated[
        str | None, typer.Option(help="How hard it was, 0 none to 10 as hard as can be.")
    ] = None,
    notes: Annotated[str | None, typer.Option(help="In your own words.")] = None,
    band: Annotated[
        str | None, typer.Option(metavar="N", help="Number of the band of a set, from `tracker bands`.")
    ] = None,
    stretched_length: Annotated[
        str | None, typer.Option(help="The band's length at the movement's end, for example 45cm.")
    ] = None,
    person: PersonOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say how a session or a set felt, or change it; without options on a terminal short questions ask.

    Example: tracker feel --pain 2 --effort 6
    """
    from tracker.cli.asking import can_ask
    from tracker.cli.felt_values import said_by_answers, said_by_options
    from tracker.cli.output import note
    from tracker.cli.person_option import person_of
    from tracker.cli.safety_questions import ask_safety
    from tracker.session.after_session import is_safety_due_for_pain, pain_advice, reviewed
    from tracker.session.felt_session import checked_set, felt_session, say_of_session, say_of_set
    from tracker.session.safety_state import Occasion
    from tracker.session.workplace import workplace

    options = {"--pain": pain, "--before": before, "--next-morning": next_morning, "--effort": effort}
    options |= {"--notes": notes, "--band": band, "--stretched-length": stretched_length}
    said = said_by_options(options, of_set=set_number is not None)
    asks = not said and can_ask(as_json=as_json)
    place = workplace()
    with place.database() as database:
        with database.write() as connection:
            whose = person_of(connection, person)
            one = felt_session(connection, whose.person_id, session)
        if set_number is not None:
            checked_set(one, set_number)
        if asks:
            said = said_by_answers(one, set_number)
        with database.write() as connection:
            # Looked up anew: an answer may have taken its time.
            one = felt_session(connection, whose.person_id, one.session.session_id)
            if said and set_number is not None:
                say_of_set(connection, one, set_number, said)
            elif said:
                say_of_session(connection, one, said)
            one = felt_session(connection, whose.person_id, one.session.session_id)
        proposals = reviewed(database, whose, one, place.catalogue) if said else ()
        due = is_safety_due_for_pain(database, whose)
        _show(one, pain_advice(one), proposals, as_json=as_json, safety_due=due)
        if due and asks:
            ask_safety(database, whose, Occasion.PAIN)
        elif due and not as_json:
            note("After pain of 6 or more the safety questions come first: tracker safety")


def _show(
    one: "FeltSession",
    advice: "tuple[PainAdvice, ...]",
    proposals: "tuple[RuleVerdict, ...]",
    *,
    as_json: bool,
    safety_due: bool,
) -> None:
    from tracker.cli.output import print_json, print_tables
    from tracker.cli.proposals import proposal_lines, proposal_objects
    from tracker.report.felt_tables import felt_object, felt_tables

    if as_json:
        said = [{"rule": each.rule.value, "text": each.text} for each in advice]
        print_json(
            {
                **felt_object(one),
                "advice": said,
                "safety_questions_due": safety_due,
                "proposals": proposal_objects(proposals),
            }
        )
        return
    print_tables(*felt_tables(one), *(each.text for each in advice), *proposal_lines(proposals))
