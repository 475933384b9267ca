// Package es says things the way a person in Mexico reads them: dates, hours,
// quantities, plurals, the gender of a candidacy, the words of each state and
// the messages of each failure.
//
// Everything is a pure function of its arguments. Nothing reads the clock, and
// every instant is shown in the zone of central Mexico, whose rules travel
// inside the binary.
//
// Codes and enum values come from the database and from the domain packages;
// their texts live here, so that wording changes in one place and a test can
// ask that none is missing.
package es
