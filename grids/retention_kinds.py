"""Kind by kind: the rows whose time is over, and the words in them that go.

Each of `DUE` gives id, household_id and place_id; `community` is NULL for all communities. The statements of `GOES`
run in their order on what is `due`, with `at`, `by` and `erasure`; the last ones tell it where one would look.
"""

from grids.models import Erasure

Kind = Erasure.Kind

# In the catalogue of what is collected, where the years are.
SUBJECT = {
    Kind.RESIDENTS: "resident",
    Kind.CARES: "care",
    Kind.HOUSEHOLDS: "household",
    Kind.TENANCIES: "tenancy",
    Kind.PREMISES: "premises",
    Kind.VISITS: "visit",
    Kind.NEEDS: "need",
    Kind.HAZARDS: "hazard",
    Kind.CHANGES: "change",
}

_OF_HOME = """
JOIN grids_dwelling door ON door.id = home.dwelling_id
WHERE (%(community)s::text IS NULL OR door.place_id LIKE %(community)s || '%%')
"""
# Only those that still say something.
DUE = {
    Kind.RESIDENTS: f"""SELECT row.id, home.id AS household_id, door.place_id FROM grids_resident row
        JOIN grids_household home ON home.id = row.household_id {_OF_HOME}
        AND row.left_at < %(before)s AND row.name <> ''""",
    # Of those who still live there; with whoever has left, all of it goes.
    Kind.CARES: f"""SELECT care.id, home.id AS household_id, door.place_id FROM grids_care care
        JOIN grids_resident row ON row.id = care.resident_id
        JOIN grids_household home ON home.id = row.household_id {_OF_HOME}
        AND row.left_at IS NULL AND care.ended_at < %(before)s AND care.category <> ''""",
    Kind.HOUSEHOLDS: f"""SELECT home.id, home.id AS household_id, door.place_id FROM grids_household home {_OF_HOME}
        AND home.ended_at < %(before)s AND (home.phone <> '' OR home.hardship <> '' OR home.welfare <> ''
            OR home.note <> '')""",
    Kind.VISITS: f"""SELECT row.id, home.id AS household_id, door.place_id FROM grids_visit row
        JOIN grids_household home ON home.id = row.household_id {_OF_HOME}
        AND row.at < %(before)s AND row.note <> ''""",
    Kind.NEEDS: f"""SELECT row.id, home.id AS household_id, door.place_id FROM grids_need row
        JOIN grids_household home ON home.id = row.household_id {_OF_HOME}
        AND row.settled_at < %(before)s AND (row.words <> '' OR row.answer <> '')""",
    Kind.CHANGES: f"""SELECT row.id, home.id AS household_id, door.place_id FROM grids_change row
        JOIN grids_household home ON home.id = row.household_id {_OF_HOME}
        AND row.at < %(before)s AND (row.old <> '' OR row.new <> '')""",
    # Not let since then: the last change of how it is lived in says since when.
    Kind.TENANCIES: """SELECT row.id, door.place_id,
            (SELECT min(id) FROM grids_household WHERE dwelling_id = door.id AND ended_at IS NULL) AS household_id
        FROM grids_tenancy row JOIN grids_dwelling door ON door.id = row.dwelling_id
        WHERE (%(community)s::text IS NULL OR door.place_id LIKE %(community)s || '%%')
        AND row.landlord <> '' AND door.occupancy IN ('owner', 'vacant') AND NOT EXISTS (
            SELECT 1 FROM grids_change change WHERE change.subject = 'dwelling' AND change.row = door.id
            AND change.field = 'occupancy' AND change.at >= %(before)s)""",
    Kind.PREMISES: """SELECT id, NULL::bigint AS household_id, place_id FROM grids_premises
        WHERE (%(community)s::text IS NULL OR place_id LIKE %(community)s || '%%')
        AND closed_at < %(before)s AND (owner <> '' OR contact <> '' OR phone <> '')""",
    Kind.HAZARDS: """SELECT id, household_id, place_id FROM grids_hazard
        WHERE (%(community)s::text IS NULL OR place_id LIKE %(community)s || '%%')
        AND cleared_at < %(before)s AND words <> ''""",
}
_CARE_BLANK = """UPDATE grids_care SET category = '', category_fingerprint = NULL, degree = '', need = '',
    guardian = '', health = '', device = ''"""
_TOLD = "%(at)s::timestamptz, %(by)s::bigint, '', jsonb_build_object('erasure', %(erasure)s::bigint)"
GOES = {
    Kind.RESIDENTS: (
        """UPDATE grids_resident SET name = '', id_number = '', phone = '', emergency_contact = '', born_on = NULL,
            name_fingerprint = NULL, id_fingerprint = NULL, phone_fingerprint = NULL, ethnicity = '',
            registered_at = '', party_branch = '', workplace = '', skills = '', consent = ''
            WHERE id IN (SELECT id FROM due)""",
        f"{_CARE_BLANK} WHERE resident_id IN (SELECT id FROM due)",
        """UPDATE grids_change SET old = '', new = '' WHERE subject = 'resident' AND row IN (SELECT id FROM due)
            OR subject = 'care' AND row IN (SELECT id FROM grids_care WHERE resident_id IN (SELECT id FROM due))""",
        "UPDATE grids_homeevent SET note = '' WHERE note <> '' AND resident_id IN (SELECT id FROM due)",
    ),
    Kind.CARES: (
        f"{_CARE_BLANK} WHERE id IN (SELECT id FROM due)",
        "UPDATE grids_change SET old = '', new = '' WHERE subject = 'care' AND row IN (SELECT id FROM due)",
    ),
    Kind.HOUSEHOLDS: (
        """UPDATE grids_household SET phone = '', phone_fingerprint = NULL, hardship = '', welfare = '', note = ''
            WHERE id IN (SELECT id FROM due)""",
        """UPDATE grids_change SET old = '', new = '' WHERE subject = 'household' AND row IN (SELECT id FROM due)""",
    ),
    Kind.VISITS: ("UPDATE grids_visit SET note = '' WHERE id IN (SELECT id FROM due)",),
    Kind.NEEDS: ("UPDATE grids_need SET words = '', answer = '' WHERE id IN (SELECT id FROM due)",),
    Kind.CHANGES: ("UPDATE grids_change SET old = '', new = '' WHERE id IN (SELECT id FROM due)",),
    Kind.TENANCIES: (
        "UPDATE grids_tenancy SET landlord = '' WHERE id IN (SELECT id FROM due)",
        "UPDATE grids_change SET old = '', new = '' WHERE subject = 'tenancy' AND row IN (SELECT id FROM due)",
    ),
    Kind.PREMISES: (
        "UPDATE grids_premises SET owner = '', contact = '', phone = '' WHERE id IN (SELECT id FROM due)",
        "UPDATE grids_premisesevent SET note = '' WHERE note <> '' AND premises_id IN (SELECT id FROM due)",
        f"""INSERT INTO grids_premisesevent (premises_id, action, at, by_id, note, detail)
            SELECT id, 'erased', {_TOLD} FROM due""",
    ),
    Kind.HAZARDS: (
        "UPDATE grids_hazard SET words = '', after_words = '' WHERE id IN (SELECT id FROM due)",
        "UPDATE grids_hazardevent SET note = '' WHERE note <> '' AND hazard_id IN (SELECT id FROM due)",
        # A photo that goes says so as any other does; its file follows when all of this is committed.
        f"""WITH told AS (
                INSERT INTO grids_hazardevent (hazard_id, action, at, by_id, note, detail)
                SELECT event.hazard_id, 'unphoto', {_TOLD} || jsonb_build_object('photo', photo.id)
                FROM grids_hazardphoto photo JOIN grids_hazardevent event ON event.id = photo.event_id
                WHERE photo.removed_id IS NULL AND event.hazard_id IN (SELECT id FROM due)
                RETURNING id, (detail ->> 'photo')::bigint AS photo_id)
            UPDATE grids_hazardphoto photo SET removed_id = told.id FROM told WHERE photo.id = told.photo_id""",
        f"""INSERT INTO grids_hazardevent (hazard_id, action, at, by_id, note, detail)
            SELECT id, 'erased', {_TOLD} FROM due""",
    ),
}
TELL_THE_HOMES = """
INSERT INTO grids_homeevent (household_id, action, at, by_id, note, detail)
SELECT DISTINCT household_id, 'erased', %(at)s::timestamptz, %(by)s::bigint, ''::bytea,
    jsonb_build_object('what', %(kind)s::text, 'erasure', %(erasure)s::bigint)
FROM due WHERE household_id IS NOT NULL
"""
