package dev.shadow.core.placement.plan;

import dev.shadow.spi.InvalidValueException;

/** Refuses values at the door of this package. */
final class Refusals {
    /** Largest quantity of one host or machine. A few of them can be added in an {@code int}. */
    static final int MAX_QUANTITY = 1 << 28;

    static final int MAX_PRICE = 1 << 30;

    private Refusals() {}

    static int inRange(String field, int value, int min, int max) {
        if (value < min || value > max) {
            throw new InvalidValueException(field, Integer.toString(value), "be from " + min + " to " + max);
        }
        return value;
    }

    static int quantity(String field, int value) {
        return inRange(field, value, 0, MAX_QUANTITY);
    }

    static int price(String field, int value) {
        return inRange(field, value, 0, MAX_PRICE);
    }

    static int index(String field, int value, int count, String what) {
        if (value < 0 || value >= count) {
            throw new InvalidValueException(
                    field, Integer.toString(value), "name one of the " + count + " " + what + ", counted from 0");
        }
        return value;
    }
}
