package dev.shadow.spi.placement;

import dev.shadow.spi.HostId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.Tier;
import dev.shadow.spi.internal.Checks;
import java.time.Duration;
import java.util.Locale;

/** One change after which a host could be used. */
public sealed interface Relaxation {
    /** The host that could then be used. */
    HostId host();

    /** The condition that would hold. */
    Constraint constraint();

    /** The change as an instruction to a person, such as "raise the latency budget to 900 us". */
    String advice();

    /** Allow more latency to the primary. */
    record RaiseLatencyBudget(HostId host, Duration to) implements Relaxation {
        public RaiseLatencyBudget {
            Checks.present("host", host);
            Checks.positive("to", to);
        }

        @Override
        public Constraint constraint() {
            return Constraint.LATENCY;
        }

        @Override
        public String advice() {
            return "raise the latency budget to " + (to.toNanos() + 999) / 1000 + " us";
        }
    }

    /** Give back units of a pool. */
    record FreeLicense(HostId host, String product, int units) implements Relaxation {
        public FreeLicense {
            Checks.present("host", host);
            Checks.identifier("product", product);
            Checks.range("units", units, 1, Integer.MAX_VALUE);
        }

        @Override
        public Constraint constraint() {
            return Constraint.LICENSE;
        }

        @Override
        public String advice() {
            return "free " + units + (units == 1 ? " licence of " : " licences of ") + product;
        }
    }

    /** Be content with less distance from the primary. */
    record AcceptTier(HostId host, Tier tier) implements Relaxation {
        public AcceptTier {
            Checks.present("host", host);
            Checks.present("tier", tier);
        }

        @Override
        public Constraint constraint() {
            return Constraint.FAILURE_DOMAIN;
        }

        @Override
        public String advice() {
            return "accept " + tier.name().toLowerCase(Locale.ROOT) + " tier";
        }
    }

    /** Make room on the host. */
    record FreeCapacity(HostId host, Resources missing) implements Relaxation {
        public FreeCapacity {
            Checks.present("host", host);
            Checks.present("missing", missing);
        }

        @Override
        public Constraint constraint() {
            return Constraint.CAPACITY;
        }

        @Override
        public String advice() {
            StringBuilder text = new StringBuilder("free");
            append(text, missing.cpuMillis(), " thousandths of a core");
            append(text, missing.memoryBytes(), " bytes of memory");
            append(text, missing.diskBytes(), " bytes of disk");
            append(text, missing.networkBitsPerSecond(), " bits per second of network");
            return text.append(" on ").append(host).toString();
        }

        private static void append(StringBuilder text, long amount, String unit) {
            if (amount > 0) {
                text.append(text.length() > "free".length() ? ", " : " ")
                        .append(amount)
                        .append(unit);
            }
        }
    }

    /** Let the host take new instances. */
    record MakeSchedulable(HostId host) implements Relaxation {
        public MakeSchedulable {
            Checks.present("host", host);
        }

        @Override
        public Constraint constraint() {
            return Constraint.SCHEDULABLE;
        }

        @Override
        public String advice() {
            return "make " + host + " schedulable";
        }
    }
}
