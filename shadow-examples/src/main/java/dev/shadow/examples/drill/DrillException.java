package dev.shadow.examples.drill;

/** A drill could not be carried out to the end, so nothing can be said about the data. */
final class DrillException extends Exception {
    private static final long serialVersionUID = 1L;

    DrillException(String message) {
        super(message);
    }
}
