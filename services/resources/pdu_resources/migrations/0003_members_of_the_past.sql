-- Records of the past have no names. Whoever is there without one has not registered here yet.
ALTER TABLE member ALTER COLUMN name DROP NOT NULL;
