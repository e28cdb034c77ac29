-- A small practice-management database, as an ERP might have it: money in cents, time in minutes.

CREATE TABLE client (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, street TEXT NOT NULL, city TEXT NOT NULL,
    postcode TEXT NOT NULL, country TEXT NOT NULL
);
CREATE TABLE matter (id TEXT PRIMARY KEY, client TEXT NOT NULL REFERENCES client, name TEXT NOT NULL);
CREATE TABLE person (id TEXT PRIMARY KEY, name TEXT NOT NULL, class TEXT NOT NULL, cents_per_hour INTEGER NOT NULL);
CREATE TABLE work (
    id INTEGER PRIMARY KEY, matter TEXT NOT NULL REFERENCES matter, person TEXT NOT NULL REFERENCES person,
    day TEXT NOT NULL, minutes INTEGER NOT NULL, text TEXT NOT NULL, bill TEXT
);

INSERT INTO client VALUES
    ('orchard', 'Orchard Lane Clinic', '7 Orchard Lane', 'Concord', '03301', 'US'),
    ('tidewater', 'Tidewater Ferries Inc.', '200 Dock Street', 'Portland', '04101', 'US');
INSERT INTO matter VALUES
    ('M-17', 'orchard', 'Lease of the second floor'),
    ('M-21', 'tidewater', 'Mooring rights'),
    ('M-22', 'tidewater', 'General advice');
INSERT INTO person VALUES
    ('AB', 'Amara Bell', 'PARTNR', 48000),
    ('JS', 'Jonas Strand', 'ASSOC', 29500);
INSERT INTO work (id, matter, person, day, minutes, text) VALUES
    (4101, 'M-17', 'AB', '2026-06-03', 40, 'Call with the landlord''s counsel about the renewal clause'),
    (4102, 'M-17', 'JS', '2026-06-04', 125, 'Draft the amendment to the lease'),
    (4107, 'M-21', 'JS', '2026-06-09', 190, 'Research on priority of moorings in tidal waters'),
    (4109, 'M-21', 'AB', '2026-06-10', 55, 'Meeting with the harbormaster'),
    (4110, 'M-17', 'JS', '2026-06-11', 18, 'Letter to the client with the signed amendment');
