package dev.shadow.spi;

import dev.shadow.spi.internal.Checks;

/**
 * Names one intended effect. A call repeated with the same key, by the same or by another manager,
 * has the effect of one call and returns the same answer.
 *
 * @param value 1 to 200 characters, not blank; the library builds it from identities and step names
 */
public record IdempotencyKey(String value) {
    public IdempotencyKey {
        Checks.text("idempotencyKey", value, 200);
    }

    /** Returns the key with this text. */
    public static IdempotencyKey of(String value) {
        return new IdempotencyKey(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
