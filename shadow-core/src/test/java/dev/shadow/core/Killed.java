package dev.shadow.core;

/** What a manager sees from the instant on at which its process was killed. */
final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed() {
        super("the manager was killed");
    }
}
