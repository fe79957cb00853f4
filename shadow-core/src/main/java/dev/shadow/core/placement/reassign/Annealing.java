package dev.shadow.core.placement.reassign;

/** A search that goes once from hot to cold. One owner thread. */
interface Annealing {
    /** Searches to the end of its stretch. */
    void run();

    long bestCost();

    int[] bestAssignment();

    /** Moves priced in this annealing. */
    long steps();
}
