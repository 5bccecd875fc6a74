"""What dashboards ask, kept counted, so that an answer is a look-up however much was told.

Every person is in the cells of each cut that is kept: so often in this sector in this year, and
for the first time. When something is told about a person they are taken out of their cells and
put into those where they belong now. Attendances and individuals, who is new and who comes again
all follow from how many people a cell holds.
"""
