// The former name of re-encrypt.ts, which operators' scripts may call.
import './re-encrypt.js';
