package dev.shadow.spi.function;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.VmId;
import java.util.Map;

/**
 * Runs functions of the platform as steps of synchronisation and failover: in this process, or as
 * serverless functions elsewhere.
 *
 * <p>Called by the manager's failover, on its executor; calls may overlap. The function may run more
 * than once for one key when its answer was lost, and must then have the effect of one run. After a
 * crash half-way the manager calls again with the same key.
 */
public interface FunctionRunner {
    /**
     * Runs a function to its end.
     *
     * @param function name of the function, an identifier
     * @param vm the virtual machine that it runs for
     * @param input what it is told, by name
     * @return what it answered, by name; may be empty
     * @throws FunctionException permanent if there is no such function or it refused; transient if it could
     *     not be reached or did not end within the time-out
     */
    Map<String, String> run(String function, VmId vm, Map<String, String> input, CallContext context)
            throws FunctionException;
}
