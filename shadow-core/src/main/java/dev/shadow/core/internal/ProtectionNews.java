package dev.shadow.core.internal;

import dev.shadow.spi.event.ShadowEvent;
import java.util.Optional;

/** Tells when a virtual machine gets or loses its shadows, once for each change. Owned by the work on it. */
final class ProtectionNews {
    private Optional<Boolean> asTold = Optional.empty();
    private String reasonAsTold = "";

    void tell(VmContext context, int wanted, int ready) {
        if (wanted == 0) {
            told(Optional.empty(), "");
        } else if (ready >= wanted) {
            if (!asTold.equals(Optional.of(true))) {
                context.tell(new ShadowEvent.Protected(context.now(), context.vm, ready));
            }
            told(Optional.of(true), "");
        } else {
            String reason = context.problems.isEmpty() ? warming(context) : context.problems.get(0);
            if (!asTold.equals(Optional.of(false)) || !reason.equals(reasonAsTold)) {
                context.tell(new ShadowEvent.Unprotected(context.now(), context.vm, wanted, ready, reason));
            }
            told(Optional.of(false), reason);
        }
    }

    private void told(Optional<Boolean> isProtected, String reason) {
        asTold = isProtected;
        reasonAsTold = reason;
    }

    private static String warming(VmContext context) {
        if (context.run.isPresent()) {
            return "a failover is under way";
        }
        long warming =
                context.entries.stream().filter(e -> e.isLive() && !e.isReady()).count();
        return warming + " shadows are warming";
    }
}
