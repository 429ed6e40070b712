"""Notes under a table: that the network cut the export is said of the file, in whatever language."""

from __future__ import annotations

import pytest

from pipelines.land.words import words

CAPPED = {
    "en": [
        "Showing first 500 results",
        "Showing top 500 results",
        "Only 1,000 rows are shown",
        "Export limited to 5,000 rows",
    ],
    "de": [
        "Die 500 be\u00adsten Er\u00adgeb\u00adnis\u00adse werden angezeigt",
        "Es werden nur die ersten 1.000 Zeilen angezeigt",
    ],
    "fr": ["Affichage des 500 premiers résultats", "Les premiers 500 résultats"],
    "es": ["Se muestran los primeros 500 resultados", "Los 500 primeros resultados"],
    "pt": ["Mostrando os primeiros 500 resultados", "A mostrar os 500 principais resultados"],
    "it": ["Vengono visualizzati i primi 500 risultati"],
    "nl": ["De eerste 500 resultaten worden weergegeven", "Top 500 resultaten"],
    "sv": ["Visar de första 500 resultaten", "De 500 främsta resultaten visas"],
    "da": ["Viser de første 500 resultater"],
    "nb": ["Viser de 500 første resultatene"],
    "fi": ["Näytetään 500 ensimmäistä tulosta"],
    "ja": ["上位 500 件の結果を表示しています", "最初の500件を表示"],
    "ko": ["상위 500개 결과 표시 중"],
    "tr": ["İlk 500 sonuç gösteriliyor"],
    "ru": ["Показаны первые 500 результатов"],
    "pl": ["Pokazano pierwszych 500 wyników", "Pierwsze 500 wyników"],
}


@pytest.mark.parametrize(("locale", "note"), [(locale, note) for locale, notes in CAPPED.items() for note in notes])
def test_a_cut_is_known_in_any_language(locale: str, note: str) -> None:
    assert words().note_kind(note) == "capped", locale


@pytest.mark.parametrize(
    "text", ["500", "Our top 5 tips", "The first 3 steps to a result", "Die besten Rezepte", "Top 10"]
)
def test_a_title_is_no_note(text: str) -> None:
    assert words().note_kind(text) is None
