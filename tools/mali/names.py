"""Other names, people and world prices that texts about Mali are read against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from case_folder import Cells

GENERAL: Final = "gk-geo"
"""Source of what is widely known and was not looked up."""

NAMES: Final[dict[tuple[str, str], str]] = {
    ("actor", "jnim"): "JNIM|GSIM|Jama'at Nusrat al-Islam wal-Muslimin|"
    "Jama'a Nusrat ul-Islam wa al-Muslimin|Jamaat Nusrat al-Islam wal Muslimin|"
    "Jama'at Nusrat ul-Islam wa al-Muslimin|Jama'at Nasr al-Islam wal Muslimin|"
    "Jama'at Nusrat al-Islam wal-Muslimeen|Jamaat Nosrat al-Islam wal-Mouslimin|"
    "Jama'a Nusrat al-Islam wal-Muslimin|Nusrat al-Islam|"
    "Group for the Support of Islam and Muslims|Support Group for Islam and Muslims|"
    "Groupe de soutien à l'islam et aux musulmans|"
    "Groupe de soutien de l'islam et des musulmans|"
    "al-Qaeda-linked jihadists|al-Qaeda-linked militants|al-Qaeda affiliate",
    ("actor", "katiba_macina"): "Macina Liberation Front|Macina katiba|"
    "Front de libération du Macina|Katibat Macina",
    (
        "actor",
        "issp",
    ): "ISSP|ISGS|EIGS|EIS|IS Sahel|IS-Sahel|Islamic State in the Sahel|"
    "Islamic State Sahel|Islamic State in the Greater Sahara|"
    "État islamique au Sahel|État islamique au Grand Sahara|Islamic State",
    ("actor", "fla"): "Azawad Liberation Front|Front de libération de l'Azawad|FLA",
    ("actor", "csp_dpa"): "CSP-DPA|CSP|CSP-PSD|Permanent Strategic Framework|"
    "Cadre stratégique permanent|Cadre stratégique pour la défense du peuple de "
    "l'Azawad|Tuareg rebels|Tuareg separatists|rebelles touaregs",
    ("actor", "dozo"): "Dozo|Dozos|donso|donsos",
    ("actor", "fama"): "FAMa|FAMAs|Malian army|Malian armed forces|Malian military|"
    "Malian soldiers|Malian troops|Malian forces|Malian security forces|"
    "Malian government forces|government forces|armée malienne|forces maliennes|"
    "forces armées maliennes|soldats maliens|militaires maliens|the army|"
    "the armed forces|the security forces|l'armée|les forces armées|"
    "Malian state forces|Malian air force|army",
    ("actor", "junta"): "the junta|junta|military junta|junta government|"
    "Malian government|Malian authorities|Malian junta|la junte|junte|"
    "autorités maliennes|gouvernement malien|gouvernement de transition|"
    "military government|transitional government|autorités de transition",
    ("actor", "africa_corps"): "African Corps|Afrika Corps|Corps africain|Afrikakorps",
    ("actor", "wagner"): "Wagner|Wagner Group|groupe Wagner|PMC Wagner|"
    "Wagner mercenaries|mercenaires de Wagner",
    ("actor", "aes_force"): "AES unified force|unified force of the AES|"
    "force unifiée de l'AES|FU-AES|Alliance of Sahel States|"
    "Alliance des États du Sahel|AES|AES joint force",
    ("actor", "france"): "Barkhane|Berkhane|Operation Barkhane|Operation Berkhane|"
    "opération Barkhane|Serval|opération Serval|Operation Serval|French forces|"
    "forces françaises",
    ("actor", "russia"): "Russian forces|Russian mercenaries|mercenaires russes|"
    "Russian fighters|paramilitaires russes|Russian paramilitaries|the Kremlin",
    ("actor", "minusma"): "MINUSMA|UN peacekeepers|UN mission|UN peacekeeping mission|"
    "Casques bleus|mission de l'ONU",
    ("actor", "united_states"): "the United States|Pentagon",
    ("actor", "uae"): "UAE|the Emirates|Émirats arabes unis",
    ("actor", "african_union"): "African Union|Union africaine",
    ("actor", "edm"): "EDM|EDM-SA|Énergie du Mali|Energie du Mali",
    ("actor", "omap"): "OMAP|ONAP",
    ("place", "tombouctou"): "Timbuktu|Timbuctoo|Tombouctou",
    ("place", "nioro"): "Nioro du Sahel|Nioro",
    ("place", "menaka"): "Ménaka|Menaka",
    ("place", "segou"): "Segu",
    ("place", "djenne"): "Jenne",
    ("place", "tinzaouaten"): "Tinzaouatène|Tin Zaouatine|Tinzawaten|Tinzaouatene",
    ("place", "abidjan"): "Abidjan",
    ("place", "dakar"): "Dakar",
    ("place", "conakry"): "Conakry",
    ("place", "nouakchott"): "Nouakchott",
    ("place", "niamey"): "Niamey",
    ("place", "ouagadougou"): "Ouaga",
    ("place", "lome"): "Lomé",
    ("place", "cotonou"): "Cotonou",
    ("place", "tema"): "Tema",
    ("place", "tengrela"): "Tingrela|Tengréla",
    ("place", "yamoussoukro"): "Yamoussoukro",
    ("place", "sukala"): "Sukala|Dougabougou",
    ("place", "sadiola"): "Sadiola",
    ("place", "loulo"): "Loulo|Loulo-Gounkoto|Gounkoto",
    ("place", "fekola"): "Fekola",
    ("place", "syama"): "Syama",
    ("place", "kati"): "Kati",
    ("place", "senou"): "Senou|Sénou",
    ("place", "sevare"): "Sevare|Sévaré",
    ("place", "dioura"): "Dioura",
    ("place", "boulkessi"): "Boulkessi|Boulikessi|Boulkessy",
    ("place", "tessit"): "Tessit",
    ("place", "koulikoro"): "Koulikoro",
    ("place", "bordj"): "Bordj Badji Mokhtar|Bordj",
    ("place", "ayoun"): "Ayoun",
    ("place", "omap_bamako"): "Sirakoro",
    ("region", "taoudenni"): "Taoudénit|Taoudeni",
    ("region", "tombouctou"): "Timbuktu region|région de Tombouctou",
    ("area", "north"): "Azawad",
    ("area", "central"): "Macina|inner Niger delta",
    ("area", "borders"): "Liptako-Gourma|three-border area|trois frontières",
    ("country", "CI"): "Ivory Coast|Côte d'Ivoire",
}
"""What is named to the names, parted by bars, that its title does not give."""

NOTES: Final = {
    ("actor", "france"): "an operation is counted with the state that ran it",
    ("actor", "csp_dpa"): "became the FLA in late 2024",
}

PEOPLE: Final = (
    (
        "keita",
        "Ibrahim Boubacar Keita;Ibrahim Boubacar Keïta;Ibrahim Keïta;IBK",
        "president",
        "2013-09-04",
        "2020-08-18",
        "ousted by the army",
        GENERAL,
    ),
    (
        "keita",
        "Ibrahim Boubacar Keita;Ibrahim Boubacar Keïta;Ibrahim Keïta;IBK",
        "life",
        "",
        "2022-01-16",
        "prime minister from 1994 to 2000",
        "eclair-2022",
    ),
    (
        "keita",
        "Ibrahim Boubacar Keita;Ibrahim Boubacar Keïta;Ibrahim Keïta;IBK",
        "prime minister",
        "1994-02-04",
        "2000-02-15",
        "",
        GENERAL,
    ),
    (
        "goita",
        "Assimi Goita;Assimi Goïta;Goita",
        "vice-president",
        "2020-09-25",
        "2021-05-24",
        "after the coup of August 2020",
        GENERAL,
    ),
    (
        "goita",
        "Assimi Goita;Assimi Goïta;Goita",
        "president",
        "2021-05-24",
        "",
        "of the transition, sworn in on 7 June 2021; still held at the end of 2025",
        GENERAL,
    ),
    (
        "ndaw",
        "Bah Ndaw;Bah N'Daw;Bah N'Daou",
        "president",
        "2020-09-25",
        "2021-05-24",
        "of the transition",
        GENERAL,
    ),
    (
        "maiga",
        "Choguel Maiga;Choguel Kokalla Maiga;Choguel Maïga",
        "prime minister",
        "2021-06-07",
        "2024-11-20",
        "of the transition",
        GENERAL,
    ),
    (
        "a_maiga",
        "Abdoulaye Maiga;Abdoulaye Maïga",
        "prime minister",
        "2024-11-21",
        "",
        "of the transition; still held at the end of 2025",
        GENERAL,
    ),
    (
        "ag_ghali",
        "Iyad Ag Ghali;Iyad Ag Ghaly",
        "leader of JNIM",
        "2017-03-02",
        "",
        "still held at the end of 2025",
        GENERAL,
    ),
    (
        "koufa",
        "Amadou Koufa;Hamadoun Kouffa",
        "leader of Katiba Macina",
        "2015-01-01",
        "",
        "year only",
        GENERAL,
    ),
)
"""Person, names, role, first and last day, note, source."""

GOLD_USD_PER_OUNCE: Final = {
    2018: (1220, 1310),
    2019: (1350, 1440),
    2020: (1720, 1820),
    2021: (1750, 1840),
    2022: (1750, 1850),
    2023: (1890, 1990),
    2024: (2330, 2440),
}
"""Window about the yearly mean price of an ounce of gold [USD]."""

OUNCES_PER_KG: Final = 32.1507
GOLD_2025_MUSD: Final = (72, 80)
"""Value of 725 kg at the prices of 2025, as the reference gives it [million USD]."""
GOLD_2025_KG: Final = 725
DIGITS: Final = -2


def names() -> Iterator[Cells]:
    """Yield the names that texts use and no title gives.

    Yields
    ------
    Cells
        One row of names.csv.
    """
    for (kind, row), written in NAMES.items():
        for name in written.split("|"):
            note = NOTES.get((kind, row), "")
            yield {"name": name, "kind": kind, "row": row, "note": note}


def people() -> Iterator[Cells]:
    """Yield people in their roles.

    Yields
    ------
    Cells
        One row of people.csv.
    """
    columns = ("person", "name", "role", "start", "end", "note", "source")
    for row in PEOPLE:
        yield dict(zip(columns, row, strict=True))


def market() -> Iterator[Cells]:
    """Yield the world price of gold by year.

    Yields
    ------
    Cells
        One row of market.csv.
    """
    prices = {
        year: tuple(round(price * OUNCES_PER_KG, DIGITS) for price in ends)
        for year, ends in GOLD_USD_PER_OUNCE.items()
    }
    prices[2025] = tuple(
        round(value * 1e6 / GOLD_2025_KG, DIGITS) for value in GOLD_2025_MUSD
    )
    for year, (low, high) in prices.items():
        known = year not in GOLD_USD_PER_OUNCE
        yield {
            "good": "gold",
            "year": year,
            "low": low,
            "high": high,
            "unit": "USD_per_kg",
            "note": "725 kg are worth 72 to 80 million USD"
            if known
            else "widely known yearly mean, a window of some 5 %",
            "source": GENERAL,
        }
