import { isIP, type Socket } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { tlsError } from './errors.js';

/** What may be set of TLS: whom to trust besides, or instead of, the authorities that Node knows. */
export type TlsTrust = Pick<ConnectionOptions, 'ca'>;

/**
 * Starts TLS on a connection to an address, in the name of the host that was asked for: SNI and the certificate are the host's.
 * Sessions are not taken up again: in a resumed one Node does not look at the certificate's name any more.
 * @throws GuardedRequestError `tls` when the certificate is not trusted or not for this host; `network` when the connection broke
 */
export function startTls(socket: Socket, host: string, trust: TlsTrust, stop: AbortSignal): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secure = connect({
      ...trust,
      socket,
      host,
      // SNI has no literal addresses and no final dot; a literal is compared with the certificate's addresses by `host`.
      servername: isIP(host) ? '' : host.replace(/\.$/, ''),
      ALPNProtocols: ['http/1.1'],
      // Said explicitly, it holds whatever NODE_TLS_REJECT_UNAUTHORIZED says.
      rejectUnauthorized: true,
    });
    const give = () => secure.destroy();
    const fail = (error?: Error) => {
      stop.removeEventListener('abort', give);
      secure.destroy();
      socket.destroy();
      reject(tlsError(error));
    };
    secure.once('secureConnect', () => {
      stop.removeEventListener('abort', give);
      secure.off('close', fail);
      resolve(secure);
    });
    // Stays for good, as in dial.ts; after the handshake it changes nothing any more.
    secure.on('error', fail);
    secure.once('close', fail);
    stop.addEventListener('abort', give, { once: true });
    if (stop.aborted) give();
  });
}
