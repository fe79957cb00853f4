package dev.shadow.core.trigger;

import dev.shadow.core.internal.document.TriggerMemory;
import dev.shadow.spi.profile.Direction;
import dev.shadow.spi.profile.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides when a trigger fires and releases; pure functions over what it remembers.
 *
 * <p>Time counts towards the hold time only between two samples that are there and one step apart, so
 * that missing samples neither fire nor release.
 */
public final class TriggerMachine {
    private TriggerMachine() {}

    /** Returns the memory after one more sample of a measured signal. */
    public static TriggerMemory observe(
            TriggerMemory memory, Trigger.Threshold trigger, Instant at, double value, Duration step) {
        Optional<Instant> seen = Optional.of(at.plus(step));
        if (Double.isNaN(value)) {
            return new TriggerMemory(trigger, memory.fired(), memory.since(), memory.held(), memory.seenUpTo());
        }
        boolean beyond = isBeyond(trigger, value);
        boolean contiguous = memory.seenUpTo().map(at::equals).orElse(false);
        Optional<Duration> held = Optional.empty();
        if (beyond) {
            Duration before = memory.held().orElse(Duration.ZERO);
            held = Optional.of(memory.held().isPresent() && contiguous ? before.plus(step) : before);
        }
        boolean fires = beyond && held.orElse(Duration.ZERO).compareTo(trigger.holdTime()) >= 0;
        return next(memory, trigger, fires, value, at, held, seen);
    }

    /** Returns the memory after a forecast whose extreme quantile within the lead time is {@code quantile}. */
    public static TriggerMemory forecast(
            TriggerMemory memory, Trigger.Predictive trigger, Instant now, double quantile, Instant seenUpTo) {
        return next(
                memory, trigger, isBeyond(trigger, quantile), quantile, now, Optional.empty(), Optional.of(seenUpTo));
    }

    private static TriggerMemory next(
            TriggerMemory memory,
            Trigger trigger,
            boolean fires,
            double value,
            Instant at,
            Optional<Duration> held,
            Optional<Instant> seen) {
        if (!memory.fired()) {
            Optional<Instant> since = fires ? Optional.of(at) : memory.since();
            return new TriggerMemory(trigger, fires, since, held, seen);
        }
        boolean cooled = memory.since()
                .map(since -> Duration.between(since, at).compareTo(trigger.coolDown()) >= 0)
                .orElse(true);
        boolean stays = !(cooled && isBack(trigger, value));
        return new TriggerMemory(trigger, stays, memory.since(), held, seen);
    }

    /** Whether a value fires the trigger. */
    static boolean isBeyond(Trigger trigger, double value) {
        return trigger.direction() == Direction.ABOVE
                ? value >= trigger.thresholdPercent()
                : value <= trigger.thresholdPercent();
    }

    /** Whether a value has come back over the threshold by the hysteresis. */
    static boolean isBack(Trigger trigger, double value) {
        if (isBeyond(trigger, value)) {
            return false;
        }
        return trigger.direction() == Direction.ABOVE
                ? value <= trigger.thresholdPercent() - trigger.hysteresisPercent()
                : value >= trigger.thresholdPercent() + trigger.hysteresisPercent();
    }
}
