package dev.shadow.core.placement.reassign;

import java.util.Objects;

/**
 * The best assignment that a search found. It keeps every constraint of its problem. Immutable.
 */
public final class Reassignment {
    private final int[] assignment;
    private final ReassignmentCost cost;
    private final long evaluations;

    Reassignment(int[] assignment, ReassignmentCost cost, long evaluations) {
        this.assignment = assignment.clone();
        this.cost = Objects.requireNonNull(cost, "cost");
        this.evaluations = evaluations;
    }

    /** Returns the machine of each process. */
    public int[] assignment() {
        return assignment.clone();
    }

    /** Returns what it costs, counted from scratch. */
    public ReassignmentCost cost() {
        return cost;
    }

    /** Returns how many moves were priced, by all workers together. */
    public long evaluations() {
        return evaluations;
    }
}
