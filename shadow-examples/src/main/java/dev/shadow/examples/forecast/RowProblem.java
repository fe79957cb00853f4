package dev.shadow.examples.forecast;

/**
 * A row of a history file from which no forecast could be made.
 *
 * @param line line of the file, counted from 1
 * @param id name of the task, empty if it could not be read
 * @param reason what is wrong and what to do about it
 */
public record RowProblem(long line, String id, String reason) {
    @Override
    public String toString() {
        return "line " + line + (id.isEmpty() ? "" : ", series " + id) + ": " + reason;
    }
}
