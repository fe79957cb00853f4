package dev.shadow.core.placement.online;

/**
 * A preference among hosts that can be used. Asked under the fleet's lock: must decide from its argument alone
 * and at once. May be shared between threads.
 */
@FunctionalInterface
public interface HostScore {
    /** Returns 0 (best) to 1 (worst). */
    double score(Candidate candidate);
}
