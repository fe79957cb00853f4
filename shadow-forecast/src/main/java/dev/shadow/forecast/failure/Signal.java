package dev.shadow.forecast.failure;

/**
 * A column that trees split on.
 *
 * @param source index of the number or text that it comes from, 0 if it comes from none
 * @param name of what it comes from
 */
record Signal(Aspect aspect, int source, String name) {}
