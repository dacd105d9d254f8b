package io.taffrail.kafka.security;

import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.ImmediateHandler;
import java.util.List;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * SaslHandshake and SaslAuthenticate on a port without SASL: answered with ILLEGAL_SASL_STATE and
 * no mechanisms (KafkaApis.handleSaslHandshakeRequest). A client with SASL settings then fails at
 * once and names the mismatch; if the connection were closed, it would retry.
 */
final class Sasl {

    private static final short ILLEGAL = Errors.ILLEGAL_SASL_STATE.code();

    private Sasl() {}

    static List<Handler<?>> handlers() {
        return List.of(
                new ImmediateHandler<SaslHandshakeRequestData>(ApiKeys.SASL_HANDSHAKE,
                        _ -> new SaslHandshakeResponseData().setErrorCode(ILLEGAL)),
                new ImmediateHandler<SaslAuthenticateRequestData>(ApiKeys.SASL_AUTHENTICATE,
                        _ -> new SaslAuthenticateResponseData().setErrorCode(ILLEGAL)
                                .setErrorMessage("SaslAuthenticate request received after"
                                        + " successful authentication")));
    }
}
