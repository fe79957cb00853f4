package dev.shadow.core.placement.online;

import java.util.Optional;

/**
 * A hard condition of the platform's own. Asked for the few hosts that come into question, under the fleet's
 * lock: must decide from its argument alone and at once. May be shared between threads.
 */
@FunctionalInterface
public interface HostFilter {
    /** Returns why the candidate cannot be used, in at most 500 characters; empty if it can. */
    Optional<String> refusal(Candidate candidate);
}
