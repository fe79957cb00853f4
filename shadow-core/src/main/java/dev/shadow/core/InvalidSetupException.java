package dev.shadow.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A manager could not be built. Lists every problem that was found, not only the first. */
public final class InvalidSetupException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    InvalidSetupException(List<String> problems, @Nullable Throwable cause) {
        super("the manager cannot be built: " + String.join("; ", problems), cause);
        this.problems = List.copyOf(problems);
    }

    /** Every problem, each with its way out; at least one. */
    public List<String> problems() {
        return problems;
    }
}
