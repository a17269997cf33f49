"""The glossary's terms in running text."""

from __future__ import annotations

import pytest

from servicebook.content.model.settings import Term
from servicebook.site.terms import Terms


def term(identity: str, title: str, *also: str) -> Term:
    return Term(id=identity, title=title, definition="Lo que es.", also=also)


TERMS = Terms(
    [
        term("cliente", "Cliente", "clientes"),
        term("cliente-interno", "Cliente interno", "clientes internos"),
        term("satisfaccion", "Satisfacción"),
        term("ano", "Año"),
    ]
)


@pytest.mark.parametrize(
    ("html", "linked"),
    [
        ("Un cliente llega.", "Un [cliente:cliente] llega."),
        ("Cada CLIENTE INTERNO cuenta.", "Cada [cliente-interno:CLIENTE INTERNO] cuenta."),
        ("El cliente interno y el cliente.", "El [cliente-interno:cliente interno] y el [cliente:cliente]."),
        ("Los clientes, el cliente.", "Los [cliente:clientes], el cliente."),
        ("Mide la satisfaccion.", "Mide la [satisfaccion:satisfaccion]."),
        ("Insatisfacción, clientela.", "Insatisfacción, clientela."),
        ("Un ano no es un año.", "Un ano no es un [ano:año]."),
        (
            '<a href="x">cliente</a> y <em>cliente</em>',
            '<a href="x">cliente</a> y <em>[cliente:cliente]</em>',
        ),
        ('<a href="x">a <em>b</em> cliente</a>', '<a href="x">a <em>b</em> cliente</a>'),
        ("İ cliente", "İ cliente"),
        ("Nada.", "Nada."),
    ],
)
def test_the_first_mention_in_any_form_is_linked(html: str, linked: str) -> None:
    marked = TERMS.mark(html)
    assert TERMS.link_first(marked, lambda identity, text: f"[{identity}:{text}]") == linked


def test_the_first_mention_is_the_page_s() -> None:
    page = f"<p>{TERMS.mark('Un cliente.')}</p><p>{TERMS.mark('Otro cliente.')}</p>"
    assert TERMS.link_first(page, lambda identity, text: f"[{text}]") == (
        "<p>Un [cliente].</p><p>Otro cliente.</p>"
    )


def test_no_terms_no_links() -> None:
    assert Terms([]).mark("Un cliente.") == "Un cliente."
