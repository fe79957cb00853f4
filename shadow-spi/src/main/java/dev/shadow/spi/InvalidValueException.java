package dev.shadow.spi;

import java.util.Objects;

/**
 * A value was refused before anything changed. Names the field, the refused value and what is
 * allowed, so that a reader of JSON can put the path of the field in front.
 */
public final class InvalidValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String value;
    private final String allowed;

    /**
     * @param field name of the refused field, as in the record
     * @param value the refused value, as text
     * @param allowed what would have been accepted, as the end of the sentence "must ..."
     */
    public InvalidValueException(String field, String value, String allowed) {
        super(Objects.requireNonNull(field, "field") + " must " + Objects.requireNonNull(allowed, "allowed") + ", was "
                + Objects.requireNonNull(value, "value"));
        this.field = field;
        this.value = value;
        this.allowed = allowed;
    }

    /** Name of the refused field. */
    public String field() {
        return field;
    }

    /** The refused value as text. */
    public String value() {
        return value;
    }

    /** What would have been accepted, as the end of the sentence "must ...". */
    public String allowed() {
        return allowed;
    }
}
