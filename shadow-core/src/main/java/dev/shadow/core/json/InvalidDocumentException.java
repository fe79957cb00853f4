package dev.shadow.core.json;

import java.util.List;
import java.util.Objects;

/** A JSON document was refused. Lists every problem that was found, not only the first. */
public final class InvalidDocumentException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /**
     * @param document what was read, such as {@code placement profile}
     * @param problems every problem, at least one
     */
    public InvalidDocumentException(String document, List<Problem> problems) {
        super(message(document, problems));
        this.problems = List.copyOf(problems);
    }

    private static String message(String document, List<Problem> problems) {
        StringBuilder text = new StringBuilder(document + " is refused: ");
        for (int i = 0; i < problems.size(); i++) {
            text.append(i == 0 ? "" : "; ").append(problems.get(i));
        }
        return text.toString();
    }

    /** Every problem in the order in which it was found. */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * One refused value.
     *
     * @param path where it is, such as {@code triggers[1].thresholdPercent}; empty for the whole document
     * @param value the value as it stands in the document, shortened, or {@code missing}
     * @param allowed what would have been accepted, as the end of the sentence "must ..."
     */
    public record Problem(String path, String value, String allowed) {
        public Problem {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(value, "value");
            Objects.requireNonNull(allowed, "allowed");
        }

        @Override
        public String toString() {
            return (path.isEmpty() ? "the document" : path) + " must " + allowed + ", was " + value;
        }
    }
}
