package dev.shadow.core.internal;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.VmId;
import dev.shadow.spi.function.FunctionException;
import dev.shadow.spi.function.FunctionRunner;
import java.util.Map;

/** Stands in when no function runner was supplied, and has no function. */
public enum NoFunctions implements FunctionRunner {
    /** The one. */
    INSTANCE;

    @Override
    public Map<String, String> run(String function, VmId vm, Map<String, String> input, CallContext context)
            throws FunctionException {
        throw new FunctionException(
                Retry.PERMANENT, "there is no function " + function + ": give the manager a function runner");
    }
}
